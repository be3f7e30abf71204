package dev.kiln.snapshotter.checksum;

import java.io.IOException;

/**
 * Where a tree can be read. A checksum asks only when its answer is not known yet, so an
 * implementation mounts on the first call and the caller unmounts when the checksum is done.
 */
@FunctionalInterface
public interface TreeRoot {
  /** The absolute path of the mounted tree's root; the same on each call. */
  String path() throws IOException;
}
