package dev.kiln.daemon.worker;

import dev.kiln.snapshotter.ref.ImmutableRef;
import dev.kiln.snapshotter.ref.RefMount;
import dev.kiln.snapshotter.snapshot.MountPoint;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A tree that is mounted for reading when its path is first asked for, until closed. Safe for use
 * by many threads.
 */
public final class MountedRef implements AutoCloseable {
  private final ImmutableRef ref;
  private final Path folder;
  private @Nullable RefMount mount;
  private @Nullable MountPoint point;

  /**
   * @param ref stays the caller's
   * @param folder where mount points may be made
   */
  public MountedRef(ImmutableRef ref, Path folder) {
    this.ref = ref;
    this.folder = folder;
  }

  /** The path of the tree's root. */
  public synchronized String path() throws IOException {
    if (point == null) {
      RefMount opened = ref.mount(true);
      try {
        point = MountPoint.open(opened.mounts(), folder);
      } catch (IOException e) {
        opened.close();
        throw e;
      }
      mount = opened;
    }
    return point.path().toString();
  }

  @Override
  public synchronized void close() throws IOException {
    if (point != null) {
      point.close();
      point = null;
    }
    if (mount != null) {
      mount.close();
      mount = null;
    }
  }
}
