package dev.kiln.wire.blobs;

import dev.kiln.snapshotter.content.ContentStore;
import dev.kiln.snapshotter.content.Digest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Blobs as the content service sees them. Implementations are thread-safe. */
public interface BlobStore {

  /**
   * What is known of a blob.
   *
   * @param size in bytes
   */
  record Blob(Digest digest, long size, Instant modified) {}

  /** Size and time of a blob, or empty if it is not here. */
  Optional<Blob> find(Digest digest) throws IOException;

  /** Every blob, in no certain order. */
  List<Blob> list() throws IOException;

  /** Opens a blob that is here. */
  FileChannel open(Digest digest) throws IOException;

  /** Starts a blob, or says why there can be none. */
  ContentStore.Writer write(Digest expected) throws IOException;
}
