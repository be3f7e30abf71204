package dev.kiln.daemon.source;

/** Names for files whose names others choose. Stateless. */
public final class FileNames {
  private static final String DEFAULT = "download";

  private FileNames() {}

  /**
   * The last element of a path, safe to be made in a folder; {@code download} when there is none or
   * it has control characters.
   */
  public static String safe(String path) {
    String text = path.strip();
    while (text.length() > 1 && text.endsWith("/")) {
      text = text.substring(0, text.length() - 1);
    }
    String name = text.substring(text.lastIndexOf('/') + 1);
    if (name.isEmpty() || name.equals(".") || name.equals("..")) {
      return DEFAULT;
    }
    return name.codePoints().anyMatch(Character::isISOControl) ? DEFAULT : name;
  }
}
