package dev.kiln.daemon;

import java.io.IOException;
import java.nio.file.Path;

/** Chooses how trees are kept. */
final class Snapshotters {
  private Snapshotters() {}

  /**
   * The snapshotter to use.
   *
   * @param wanted {@code auto}, {@code overlayfs} or {@code native}
   * @param root where trees will be
   */
  static String choose(String wanted, Path root) throws IOException {
    return switch (wanted) {
      case "overlayfs", "native" -> wanted;
      default -> OverlayProbe.works(root) ? "overlayfs" : "native";
    };
  }
}
