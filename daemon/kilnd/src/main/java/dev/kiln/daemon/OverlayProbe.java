package dev.kiln.daemon;

import dev.kiln.snapshotter.snapshot.Mount;
import dev.kiln.snapshotter.snapshot.MountPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Finds out whether overlay file systems can be mounted in a folder. */
final class OverlayProbe {
  private OverlayProbe() {}

  static boolean works(Path root) throws IOException {
    Path folder = Files.createTempDirectory(root, "probe");
    Path lower = Files.createDirectory(folder.resolve("lower"));
    Path upper = Files.createDirectory(folder.resolve("upper"));
    Path work = Files.createDirectory(folder.resolve("work"));
    Path target = Files.createDirectory(folder.resolve("target"));
    Mount overlay =
        new Mount(
            "overlay",
            "overlay",
            List.of("lowerdir=" + lower, "upperdir=" + upper, "workdir=" + work));
    try (MountPoint point = MountPoint.at(List.of(overlay), target)) {
      Files.writeString(point.path().resolve("file"), "");
      return true;
    } catch (IOException e) {
      LoggerFactory.getLogger(OverlayProbe.class)
          .warn("overlay cannot be used in {}, trees are copied instead", root, e);
      return false;
    } finally {
      Deleted.recursively(folder);
    }
  }
}
