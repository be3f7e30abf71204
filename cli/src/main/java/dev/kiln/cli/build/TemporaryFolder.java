package dev.kiln.cli.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Folders that live as long as a plan. */
final class TemporaryFolder {
  private TemporaryFolder() {}

  /** Makes a folder that goes when the plan is closed. */
  static Path create(SolvePlan plan, String name) throws IOException {
    Path folder = Files.createTempDirectory("kiln-" + name);
    plan.atEnd(() -> remove(folder));
    return folder;
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
