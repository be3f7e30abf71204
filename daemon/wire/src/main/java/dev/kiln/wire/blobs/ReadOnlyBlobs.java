package dev.kiln.wire.blobs;

import dev.kiln.snapshotter.content.ContentStore;
import dev.kiln.snapshotter.content.Digest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Optional;

/**
 * A daemon's content store, for looking at only.
 *
 * @param store what is looked at
 */
public record ReadOnlyBlobs(ContentStore store) implements BlobStore {
  @Override
  public Optional<Blob> find(Digest digest) throws IOException {
    return store.find(digest).map(ReadOnlyBlobs::blob);
  }

  @Override
  public List<Blob> list() throws IOException {
    return store.list().stream().map(ReadOnlyBlobs::blob).toList();
  }

  @Override
  public FileChannel open(Digest digest) throws IOException {
    return store.openChannel(digest);
  }

  @Override
  public ContentStore.Writer write(Digest expected) throws IOException {
    throw new IOException("could not write " + expected + ": read-only content store");
  }

  private static Blob blob(ContentStore.BlobStatus status) {
    return new Blob(status.digest(), status.size(), status.modified());
  }
}
