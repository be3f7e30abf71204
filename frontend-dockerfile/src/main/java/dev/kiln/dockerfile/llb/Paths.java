package dev.kiln.dockerfile.llb;

import java.util.ArrayDeque;
import java.util.Deque;

/** Slash-separated paths, cleaned and joined as Go's {@code path} package does. */
public final class Paths {

  private Paths() {}

  public static boolean isAbsolute(String path) {
    return path.startsWith("/");
  }

  /** The shortest path that means the same; {@code .} for the empty path. */
  public static String clean(String path) {
    boolean rooted = isAbsolute(path);
    Deque<String> kept = new ArrayDeque<>();
    for (String part : path.split("/", -1)) {
      if (part.equals("..")) {
        if (!kept.isEmpty() && !kept.getLast().equals("..")) {
          kept.removeLast();
        } else if (!rooted) {
          kept.addLast(part);
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        kept.addLast(part);
      }
    }
    String joined = String.join("/", kept);
    if (rooted) {
      return "/" + joined;
    }
    return joined.isEmpty() ? "." : joined;
  }

  /** Joins the parts that are not empty, and cleans the result; empty if all are. */
  public static String join(String... parts) {
    StringBuilder out = new StringBuilder();
    for (String part : parts) {
      if (!part.isEmpty()) {
        if (!out.isEmpty()) {
          out.append('/');
        }
        out.append(part);
      }
    }
    return out.isEmpty() ? "" : clean(out.toString());
  }

  /** The last element; {@code .} for the empty path and {@code /} for slashes only. */
  public static String base(String path) {
    if (path.isEmpty()) {
      return ".";
    }
    int end = path.length();
    while (end > 0 && path.charAt(end - 1) == '/') {
      end--;
    }
    if (end == 0) {
      return "/";
    }
    return path.substring(path.lastIndexOf('/', end - 1) + 1, end);
  }

  /** All but the last element, cleaned; {@code .} if there is none. */
  public static String directory(String path) {
    return clean(path.substring(0, path.lastIndexOf('/') + 1));
  }

  /**
   * Makes a path absolute under a directory.
   *
   * @param keepSlash true if a slash or {@code /.} at the end, which says "this is a directory",
   *     shall stay
   */
  static String absolute(String directory, String path, boolean keepSlash) {
    String cleaned = clean(path);
    if (!isAbsolute(cleaned)) {
      cleaned = join("/", directory, cleaned);
    }
    return keepSlash ? withEnd(cleaned, path) : cleaned;
  }

  /** The cleaned path with the slash or {@code /.} that the original ends in. */
  public static String withEnd(String cleaned, String original) {
    if (original.endsWith("/") && !cleaned.endsWith("/")) {
      return cleaned + "/";
    }
    if (original.endsWith("/.")) {
      return cleaned.equals("/") ? "/." : cleaned + "/.";
    }
    return cleaned;
  }
}
