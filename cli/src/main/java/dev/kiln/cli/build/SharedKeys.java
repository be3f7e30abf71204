package dev.kiln.cli.build;

import dev.kiln.snapshotter.content.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Keys by which a daemon finds the former copy of a folder: its name, and something that differs
 * from machine to machine and user to user.
 */
final class SharedKeys {
  private static final int CHARS = 12;

  private SharedKeys() {}

  /** The key of a folder. */
  static String of(Path folder) {
    Path name = folder.toAbsolutePath().normalize().getFileName();
    return (name == null ? "/" : name.toString()) + ":" + machine();
  }

  private static String machine() {
    String text = System.getProperty("user.name", "");
    try {
      text += Files.readString(Path.of("/etc/machine-id"));
    } catch (IOException e) {
      text += System.getenv().getOrDefault("HOSTNAME", "");
    }
    return Digest.of(text.getBytes(StandardCharsets.UTF_8)).hex().substring(0, CHARS);
  }
}
