package dev.kiln.snapshotter;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kiln.snapshotter.snapshot.Mount;
import dev.kiln.snapshotter.snapshot.MountPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Skips tests that need rights or a kernel which this machine does not give. */
public final class Root {
  private Root() {}

  public static void assumeRoot() {
    assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
  }

  public static void assumeOverlay(Path scratch) throws IOException {
    assumeRoot();
    Path base = Files.createTempDirectory(scratch, "probe");
    for (String name : List.of("l", "u", "w", "m")) {
      Files.createDirectory(base.resolve(name));
    }
    Mount mount =
        new Mount(
            "overlay",
            "overlay",
            List.of(
                "lowerdir=" + base + "/l", "upperdir=" + base + "/u", "workdir=" + base + "/w"));
    try (MountPoint point = MountPoint.at(List.of(mount), base.resolve("m"))) {
      assumeTrue(Files.isDirectory(point.path()));
    } catch (IOException e) {
      assumeTrue(false, "needs overlayfs: " + e.getMessage());
    }
  }
}
