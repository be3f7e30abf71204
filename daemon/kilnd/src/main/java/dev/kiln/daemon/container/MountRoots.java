package dev.kiln.daemon.container;

import dev.kiln.daemon.op.ExecMounts;
import dev.kiln.executor.MountSource;
import dev.kiln.snapshotter.snapshot.MountPoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The trees of a container's mounts as the daemon reads them: each is mounted when it is first
 * asked for, until closed. Safe for use by many threads.
 */
final class MountRoots implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MountRoots.class);

  private final ExecMounts mounts;
  private final int count;
  private final Path folder;
  private final Map<Integer, Root> opened = new HashMap<>();
  private boolean closed;

  private record Root(MountSource.Mounted source, MountPoint point) {}

  MountRoots(ExecMounts mounts, int count, Path folder) {
    this.mounts = mounts;
    this.count = count;
    this.folder = folder;
  }

  /** The path of a mount's root. */
  synchronized Path path(int index) throws IOException {
    if (index < 0 || index >= count) {
      throw new IOException("mount index " + index + " is out of bounds (" + count + " available)");
    }
    MountSource source = mounts.source(index);
    if (source == null || closed) {
      throw new IOException("mountable " + index + " not found");
    }
    Root root = opened.get(index);
    if (root == null) {
      root = open(source);
      opened.put(index, root);
    }
    return root.point().path();
  }

  private Root open(MountSource source) throws IOException {
    MountSource.Mounted mounted = source.open(true);
    try {
      return new Root(mounted, MountPoint.open(mounted.mounts(), folder));
    } catch (IOException e) {
      mounted.release().close();
      throw e;
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    for (Root root : opened.values()) {
      try {
        root.point().close();
        root.source().release().close();
      } catch (IOException e) {
        LOG.warn("could not release a mount of a frontend's container", e);
      }
    }
    opened.clear();
  }
}
