package dev.kiln.snapshotter.pattern;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads the text of a {@code .dockerignore} file into patterns. Lines that begin with {@code #} are
 * comments; the others are trimmed, cleaned as paths, and lose a leading slash, also after a {@code
 * !}. A byte order mark at the start is skipped.
 */
public final class IgnoreFile {
  private static final char BYTE_ORDER_MARK = '\uFEFF';
  private static final char NEXT_LINE = '\u0085';
  private static final char NO_BREAK_SPACE = '\u00A0';

  private IgnoreFile() {}

  /** The patterns of the text, in order, ready for {@link IgnorePatterns#of}. */
  public static List<String> parse(String text) {
    List<String> patterns = new ArrayList<>();
    int start = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? 1 : 0;
    while (start < text.length()) {
      int end = text.indexOf('\n', start);
      if (end < 0) {
        end = text.length();
      }
      String line = text.substring(start, end);
      start = end + 1;
      String pattern = line.startsWith("#") ? "" : trim(line);
      if (!pattern.isEmpty()) {
        patterns.add(normalize(pattern));
      }
    }
    return patterns;
  }

  private static String normalize(String pattern) {
    boolean exception = pattern.startsWith("!");
    String path = exception ? trim(pattern.substring(1)) : pattern;
    if (!path.isEmpty()) {
      path = SlashPath.clean(path);
      if (path.length() > 1 && path.startsWith("/")) {
        path = path.substring(1);
      }
    }
    return exception ? "!" + path : path;
  }

  /** Cuts white space at both ends: Unicode's White_Space, which Java's strip does not cover. */
  static String trim(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && isSpace(text.charAt(start))) {
      start++;
    }
    while (end > start && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  private static boolean isSpace(char c) {
    return c == NEXT_LINE
        || c == NO_BREAK_SPACE
        || Character.isSpaceChar(c)
        || (c >= '\t' && c <= '\r')
        || c == ' ';
  }
}
