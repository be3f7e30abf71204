package dev.kiln.daemon;

import dev.kiln.snapshotter.snapshot.OverlayProbe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.LoggerFactory;

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
      default -> auto(root);
    };
  }

  private static String auto(Path root) throws IOException {
    if (OverlayProbe.works(root, List.of())) {
      return "overlayfs";
    }
    LoggerFactory.getLogger(Snapshotters.class)
        .warn("overlay cannot be used in {}, trees are copied instead", root);
    return "native";
  }
}
