package dev.kiln.cli.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The user and group of this process. */
final class OwnIds {
  private OwnIds() {}

  static int user() throws IOException {
    return number("unix:uid");
  }

  static int group() throws IOException {
    return number("unix:gid");
  }

  private static int number(String attribute) throws IOException {
    return (Integer) Files.getAttribute(Path.of("/proc/self"), attribute);
  }
}
