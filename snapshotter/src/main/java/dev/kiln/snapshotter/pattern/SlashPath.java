package dev.kiln.snapshotter.pattern;

import java.util.ArrayList;
import java.util.List;

/**
 * Lexical operations on slash-separated paths with the exact results of Go's {@code path} package,
 * which cache keys and the transfer protocol are built on. No file system is consulted.
 */
public final class SlashPath {
  private SlashPath() {}

  /**
   * The shortest equal path: no doubled slashes, no {@code .}, {@code ..} folded where possible, no
   * slash at the end except for the root. Empty text gives {@code "."}.
   */
  public static String clean(String path) {
    if (isClean(path)) {
      return path;
    }
    boolean rooted = path.startsWith("/");
    List<String> kept = new ArrayList<>();
    for (int from = 0; from <= path.length(); ) {
      int to = path.indexOf('/', from);
      if (to < 0) {
        to = path.length();
      }
      String part = path.substring(from, to);
      from = to + 1;
      if (part.equals("..")) {
        if (!kept.isEmpty() && !kept.getLast().equals("..")) {
          kept.removeLast();
        } else if (!rooted) {
          kept.add(part);
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        kept.add(part);
      }
    }
    String joined = String.join("/", kept);
    return rooted ? "/" + joined : joined.isEmpty() ? "." : joined;
  }

  private static boolean isClean(String path) {
    int n = path.length();
    if (n == 0 || (n > 1 && path.charAt(n - 1) == '/')) {
      return false;
    }
    for (int i = 0; i < n; i++) {
      char c = path.charAt(i);
      boolean starts = i == 0 || path.charAt(i - 1) == '/';
      if (starts && (c == '.' || (c == '/' && i > 0))) {
        return false;
      }
    }
    return true;
  }

  /** The clean form of the parts joined by slashes; empty parts are left out. */
  public static String join(String... parts) {
    StringBuilder joined = new StringBuilder();
    for (String part : parts) {
      if (!part.isEmpty()) {
        if (!joined.isEmpty()) {
          joined.append('/');
        }
        joined.append(part);
      }
    }
    return joined.isEmpty() ? "" : clean(joined.toString());
  }

  /** {@code "/" + path} in clean form: an absolute path that cannot climb above the root. */
  public static String absolute(String path) {
    return path.startsWith("/") ? clean(path) : clean("/" + path);
  }

  /** The last element; {@code "/"} for slashes only and {@code "."} for empty text. */
  public static String base(String path) {
    int end = path.length();
    while (end > 0 && path.charAt(end - 1) == '/') {
      end--;
    }
    if (end == 0) {
      return path.isEmpty() ? "." : "/";
    }
    return path.substring(path.lastIndexOf('/', end - 1) + 1, end);
  }

  /** The clean path of all but the last element; {@code "."} where nothing is left. */
  public static String dir(String path) {
    return clean(path.substring(0, path.lastIndexOf('/') + 1));
  }

  /** Whether the path starts at the root. */
  public static boolean isAbsolute(String path) {
    return path.startsWith("/");
  }
}
