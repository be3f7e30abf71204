package dev.kiln.registry.transfer;

import dev.kiln.snapshotter.content.ContentStore;
import dev.kiln.snapshotter.content.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Where an image's blobs are read from to be pushed. Thread-safe. */
public interface ImageContent {
  /** Opens a blob from its beginning; a lazy one may be fetched for it. */
  InputStream open(Descriptor blob) throws IOException;

  /** Paths of repositories on a registry that are known to hold the blob, the best first. */
  default List<String> knownRepositories(Descriptor blob, String domain) {
    return List.of();
  }

  /** The blobs of a content store. */
  static ImageContent of(ContentStore store) {
    return blob -> store.openStream(blob.digest());
  }
}
