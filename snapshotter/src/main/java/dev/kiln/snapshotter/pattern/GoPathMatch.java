package dev.kiln.snapshotter.pattern;

/**
 * Shell-like matching of a whole path, as Go's {@code path.Match} does it: {@code *} any run
 * without a slash, {@code ?} one character but the slash, {@code [a-z]} and {@code [^a-z]} classes
 * (which may match a slash), {@code \} takes the next character literally.
 *
 * <p>A pattern is cut into chunks; each chunk is an optional {@code *} and what must follow it.
 */
public final class GoPathMatch {
  private static final int NO_MATCH = -1;

  private final String pattern;
  private final String name;

  /** Where the chunk in hand begins and ends, and whether a star stands before it. */
  private int chunkStart;

  private int chunkEnd;
  private boolean star;

  private GoPathMatch(String pattern, String name) {
    this.pattern = pattern;
    this.name = name;
  }

  /**
   * Whether the pattern matches all of the name.
   *
   * @throws BadPatternException when the pattern is malformed, wherever in the pattern that is
   */
  public static boolean matches(String pattern, String name) {
    return new GoPathMatch(pattern, name).run(true);
  }

  /**
   * Throws {@link BadPatternException} when the pattern is malformed as far as one must read it to
   * see whether it matches {@code "."}; that is all that Go's {@code filepath.Match} looks at.
   */
  static void checkStart(String pattern) {
    new GoPathMatch(pattern, ".").run(false);
  }

  /** Whether the text has a character that makes it a pattern: an unescaped {@code *?[}. */
  public static boolean hasWildcard(String text) {
    for (int i = 0; i < text.length(); i++) {
      switch (text.charAt(i)) {
        case '*', '?', '[' -> {
          return true;
        }
        case '\\' -> i++;
        default -> {}
      }
    }
    return false;
  }

  private boolean run(boolean thorough) {
    int at = 0;
    while (nextChunk()) {
      boolean last = chunkEnd == pattern.length();
      if (star && chunkStart == chunkEnd) {
        return name.indexOf('/', at) < 0;
      }
      int end = matchChunk(at, name.length());
      if (end < 0 || (last && end < name.length())) {
        end = star ? matchLater(at, last) : NO_MATCH;
      }
      if (end < 0) {
        if (thorough) {
          checkRest();
        }
        return false;
      }
      at = end;
    }
    return at == name.length();
  }

  /** Lets the star take one more character at a time, never a slash. */
  private int matchLater(int from, boolean last) {
    for (int at = from; at < name.length() && name.charAt(at) != '/'; at++) {
      int end = matchChunk(at + 1, name.length());
      if (end >= 0 && (!last || end == name.length())) {
        return end;
      }
    }
    return NO_MATCH;
  }

  private void checkRest() {
    while (nextChunk()) {
      matchChunk(name.length(), name.length());
    }
  }

  /** Moves to the next chunk; false at the end of the pattern. */
  private boolean nextChunk() {
    int at = chunkEnd;
    if (at == pattern.length()) {
      return false;
    }
    star = false;
    while (at < pattern.length() && pattern.charAt(at) == '*') {
      at++;
      star = true;
    }
    chunkStart = at;
    boolean inClass = false;
    scan:
    for (; at < pattern.length(); at++) {
      switch (pattern.charAt(at)) {
        case '\\' -> at = Math.min(at + 1, pattern.length() - 1);
        case '[' -> inClass = true;
        case ']' -> inClass = false;
        case '*' -> {
          if (!inClass) {
            break scan;
          }
        }
        default -> {}
      }
    }
    chunkEnd = at;
    return true;
  }

  /** The position in the name after the chunk, or NO_MATCH; always reads the chunk to its end. */
  private int matchChunk(int from, int limit) {
    int at = from;
    boolean failed = false;
    int p = chunkStart;
    while (p < chunkEnd) {
      failed |= at >= limit;
      char c = pattern.charAt(p);
      if (c == '[') {
        CharClass set = CharClass.parse(pattern, p + 1, chunkEnd);
        p = set.end();
        if (!failed) {
          int rune = name.codePointAt(at);
          at += Character.charCount(rune);
          failed = !set.contains(rune);
        }
        continue;
      }
      if (c == '?') {
        if (!failed) {
          failed = name.charAt(at) == '/';
          at += Character.charCount(name.codePointAt(at));
        }
        p++;
        continue;
      }
      if (c == '\\' && ++p == chunkEnd) {
        throw new BadPatternException(BadPatternException.MALFORMED);
      }
      failed = failed || pattern.charAt(p) != name.charAt(at);
      at++;
      p++;
    }
    return failed ? NO_MATCH : at;
  }
}
