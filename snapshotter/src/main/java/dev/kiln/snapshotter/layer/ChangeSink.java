package dev.kiln.snapshotter.layer;

import dev.kiln.snapshotter.linux.FileStatus;
import java.io.IOException;

/** Hears the changes between two trees, folders before what is in them, names in byte order. */
interface ChangeSink {
  /** A path (relative, no leading slash) that the lower tree has and the upper one has not. */
  void deleted(String path) throws IOException;

  /**
   * A path that is new or different.
   *
   * @param source where the upper tree's file can be read
   */
  void changed(String path, String source, FileStatus status) throws IOException;

  /** An unchanged file with several links, one of which may be among the changes. */
  void unchangedLink(String path, String source, FileStatus status) throws IOException;
}
