package dev.kiln.wire.transfer;

import dev.kiln.snapshotter.checksum.ContentChanges;
import dev.kiln.snapshotter.checksum.EntryHeader;
import dev.kiln.snapshotter.content.Digest;

/** Learns the content digests of a directory from its transfer. */
public record ChecksumListener(ContentChanges changes) implements ReceiveListener {
  @Override
  public void changed(String path, EntryHeader header, Digest digest) {
    changes.put(path, header, digest);
  }

  @Override
  public void linked(String path, String target) {
    changes.link(path, target);
  }

  @Override
  public void deleted(String path) {
    changes.delete(path);
  }
}
