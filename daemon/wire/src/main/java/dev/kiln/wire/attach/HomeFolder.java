package dev.kiln.wire.attach;

import java.nio.file.Path;

/** Where the user's own files are. */
public final class HomeFolder {
  private HomeFolder() {}

  /** {@code $HOME} as shells and other clients take it, else what the system knows of the user. */
  public static Path path() {
    String home = System.getenv("HOME");
    return Path.of(home == null || home.isEmpty() ? System.getProperty("user.home", "/") : home);
  }
}
