package dev.kiln.dockerfile.convert;

import dev.kiln.dockerfile.llb.Paths;

/** Paths in a Dockerfile as the target's system reads them. What comes out has forward slashes. */
final class SystemPath {

  private SystemPath() {}

  private static boolean isWindows(String os) {
    return os.equals("windows");
  }

  /** The path with forward slashes. */
  static String toSlash(String path, String os) {
    return isWindows(os) ? path.replace('\\', '/') : path;
  }

  /** The path with the system's own separators. */
  static String fromSlash(String path, String os) {
    return isWindows(os) ? path.replace('/', '\\') : path;
  }

  static boolean isAbsolute(String path, String os) {
    try {
      return Paths.isAbsolute(withoutDrive(path, os, false));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * Makes a path absolute under a parent.
   *
   * @param keepSlash true if a slash or {@code /.} at the end shall stay
   * @throws IllegalArgumentException for a Windows path that is not on the system's drive
   */
  static String absolute(String parent, String path, String os, boolean keepSlash) {
    String slashed = toSlash(path, os);
    String root = withoutDrive(toSlash(parent.isEmpty() ? "/" : parent, os), os, keepSlash);
    if (!Paths.isAbsolute(root)) {
      root = Paths.join("/", root);
    }
    String result = withoutDrive(slashed.isEmpty() ? root : slashed, os, keepSlash);
    if (!Paths.isAbsolute(result)) {
      result = Paths.join(root, result);
    }
    return keepSlash ? Paths.withEnd(result, slashed) : result;
  }

  /** On Windows, the path without its drive letter, cleaned; elsewhere the path as it is. */
  static String withoutDrive(String path, String os, boolean keepSlash) {
    if (!isWindows(os)) {
      return path;
    }
    if (path.length() == 2 && path.charAt(1) == ':') {
      throw new IllegalArgumentException(
          "removing drive letter: No relative path specified in \"" + path + "\"");
    }
    String slashed = toSlash(path, os);
    if (slashed.startsWith("//")) {
      throw new IllegalArgumentException("removing drive letter: UNC paths are not supported");
    }
    int colon = slashed.indexOf(':');
    if (colon >= 0 && !slashed.substring(0, colon).equalsIgnoreCase("c")) {
      throw new IllegalArgumentException(
          "removing drive letter: The specified path is not on the system drive (C:)");
    }
    String rest = slashed.substring(colon + 1);
    String cleaned = Paths.clean(rest);
    return keepSlash && rest.endsWith("/") && !cleaned.endsWith("/") ? cleaned + "/" : cleaned;
  }
}
