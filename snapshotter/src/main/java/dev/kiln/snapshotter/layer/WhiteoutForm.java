package dev.kiln.snapshotter.layer;

import java.io.IOException;

/**
 * What becomes of a layer's deletions. They concern lower layers only: what the same layer unpacks
 * stays, wherever its entry is in the stream.
 */
interface WhiteoutForm {
  /**
   * One file is deleted.
   *
   * @param name what is deleted, relative to the root
   * @param path a path to reach it
   */
  void whiteout(String name, String path) throws IOException;

  /** Whether something was deleted that is not below, which the unpacked tree does not tell. */
  boolean stray();

  /** The lower contents of a folder are hidden; {@code name} is "" for the root. */
  void opaque(String name, String path) throws IOException;

  /** Something else was removed to make place for a folder of this layer. */
  void directoryReplaced(String path) throws IOException;

  /** This layer brought the file. */
  void unpacked(String name);
}
