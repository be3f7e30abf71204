package dev.kiln.wire.transfer;

import dev.kiln.snapshotter.checksum.EntryHeader;
import dev.kiln.snapshotter.content.Digest;

/** Hears what a receiver changed in its directory. Called by several threads. */
public interface ReceiveListener {
  /**
   * An entry was made or replaced, or a directory's attributes were set.
   *
   * @param digest of header and content, as content digests count them
   */
  void changed(String path, EntryHeader header, Digest digest);

  /** A second name of a file was made. */
  void linked(String path, String target);

  /** An entry was removed with all below it. */
  void deleted(String path);
}
