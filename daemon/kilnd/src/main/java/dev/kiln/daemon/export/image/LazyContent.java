package dev.kiln.daemon.export.image;

import dev.kiln.registry.transfer.ImageContent;
import dev.kiln.snapshotter.content.ContentStore;
import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.ref.ImmutableRef;
import dev.kiln.snapshotter.ref.LayerProgress;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The blobs of an image: from the content store, and those of lazy layers once somebody really
 * needs them. Safe for use by many threads.
 */
final class LazyContent implements ImageContent, AutoCloseable {
  private static final String SOURCE = "containerd.io/distribution.source.";

  private final ContentStore store;
  private final List<ImmutableRef> trees;
  private final ReentrantLock fetching = new ReentrantLock();

  /** Opens the content behind an image's trees. */
  @FunctionalInterface
  interface Factory {
    LazyContent open(List<ImmutableRef> trees);
  }

  LazyContent(ContentStore store, List<ImmutableRef> trees) {
    this.store = store;
    this.trees = List.copyOf(trees);
  }

  @Override
  public InputStream open(Descriptor blob) throws IOException {
    if (!store.contains(blob.digest())) {
      fetchAll();
    }
    return store.openStream(blob.digest());
  }

  /** Brings every layer of the image into the content store. */
  void fetchAll() throws IOException {
    fetching.lock();
    try {
      for (ImmutableRef tree : trees) {
        tree.ensureBlobs(LayerProgress.NONE);
      }
    } finally {
      fetching.unlock();
    }
  }

  @Override
  public List<String> knownRepositories(Descriptor blob, String domain) {
    String path = blob.annotation(SOURCE + domain);
    return path == null ? List.of() : List.of(path.split(","));
  }

  @Override
  public void close() {}
}
