package dev.kiln.snapshotter.ref;

import dev.kiln.snapshotter.snapshot.Mount;
import java.io.IOException;
import java.util.List;

/**
 * The mounts of a ref, held for a while: what they show stays until this is closed. Mount them with
 * {@link dev.kiln.snapshotter.snapshot.MountPoint}.
 */
public interface RefMount extends AutoCloseable {
  /** Never empty; to be mounted in order at one place. */
  List<Mount> mounts();

  @Override
  void close() throws IOException;
}
