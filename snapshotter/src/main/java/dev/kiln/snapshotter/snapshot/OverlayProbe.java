package dev.kiln.snapshotter.snapshot;

import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.snapshotter.linux.FileTree;
import dev.kiln.snapshotter.linux.NodeCalls;
import dev.kiln.snapshotter.linux.XattrCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out by trying whether overlayfs works in a folder. */
public final class OverlayProbe {
  private static final Logger LOG = LoggerFactory.getLogger(OverlayProbe.class);

  private OverlayProbe() {}

  /**
   * Whether a writable overlay with these options mounts, and whiteouts can be made.
   *
   * @param folder where it is tried, left as it was
   * @param options of the mount, beside its layers
   * @throws IOException when the folder cannot be written
   */
  public static boolean works(Path folder, List<String> options) throws IOException {
    Path probe = Files.createTempDirectory(folder, "probe");
    try {
      for (String name : List.of("lower", "upper", "work", "mount")) {
        Files.createDirectory(probe.resolve(name));
      }
      List<String> all = new ArrayList<>(options);
      all.add("lowerdir=" + probe.resolve("lower"));
      all.add("upperdir=" + probe.resolve("upper"));
      all.add("workdir=" + probe.resolve("work"));
      String whiteout = probe.resolve("upper/whiteout").toString();
      NodeCalls.makeNode(whiteout, FileStatus.CHARACTER_DEVICE, 0, 0);
      XattrCalls.set(probe.resolve("upper").toString(), "trusted.overlay.opaque", new byte[] {'n'});
      MountPoint.at(List.of(new Mount("overlay", "overlay", all)), probe.resolve("mount")).close();
      return true;
    } catch (IOException e) {
      LOG.debug("overlayfs with {} does not work in {}: {}", options, folder, e.getMessage());
      return false;
    } finally {
      FileTree.remove(probe.toString());
    }
  }
}
