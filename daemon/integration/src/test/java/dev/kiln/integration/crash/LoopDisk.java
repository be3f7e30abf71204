package dev.kiln.integration.crash;

import dev.kiln.integration.Run;
import dev.kiln.integration.Tools;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** A file that holds an ext4 file system, mounted. */
final class LoopDisk implements AutoCloseable {
  private final Path image;
  private final Path point;

  private LoopDisk(Path image, Path point) {
    this.image = image;
    this.point = point;
  }

  /** Skips the running test where there are no loop devices. */
  static void require() throws IOException, InterruptedException {
    Tools.requireRoot();
    Tools.require("mkfs.ext4");
    Run free = Run.of(Tools.require("losetup"), "--find");
    Assumptions.assumeTrue(free.exit() == 0, "this machine has no loop devices");
  }

  /** Makes a file system of so many bytes and mounts it. */
  static LoopDisk make(Path image, Path point, long bytes)
      throws IOException, InterruptedException {
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(bytes);
    }
    // Nothing is set aside for root, so that full means full.
    Run.of(Tools.require("mkfs.ext4"), "-q", "-F", "-m", "0", image.toString()).ok();
    return mount(image, point);
  }

  /** Mounts a file system that is there, as it was left. */
  static LoopDisk mount(Path image, Path point) throws IOException, InterruptedException {
    Files.createDirectories(point);
    Run.of(Tools.require("mount"), "-o", "loop", image.toString(), point.toString()).ok();
    return new LoopDisk(image, point);
  }

  Path image() {
    return image;
  }

  Path point() {
    return point;
  }

  @Override
  public void close() throws IOException, InterruptedException {
    Run.of(Tools.require("umount"), point.toString()).ok();
  }
}
