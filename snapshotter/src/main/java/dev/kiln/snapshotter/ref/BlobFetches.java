package dev.kiln.snapshotter.ref;

import dev.kiln.snapshotter.content.ContentStore;
import dev.kiln.snapshotter.content.Descriptor;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Brings the blobs of lazy layers into the content store, many at once and each once, however many
 * ask. Thread-safe.
 */
final class BlobFetches {
  private static final int MAX_FETCHES = 8;

  private final RefContext context;
  private final SingleFlight<Boolean> fetching = new SingleFlight<>();
  private final Semaphore limit = new Semaphore(MAX_FETCHES, true);

  BlobFetches(RefContext context) {
    this.context = context;
  }

  /** Brings the blobs of all layers into the content store. */
  void fetchAll(List<RefRecord> layers, LayerProgress progress) throws IOException {
    List<java.util.concurrent.Future<?>> running = new ArrayList<>();
    try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
      for (RefRecord layer : layers) {
        if (context.look(layer::blob) != null) {
          running.add(
              each.submit(
                  () -> {
                    fetch(layer, progress);
                    return true;
                  }));
        }
      }
      try {
        Futures.joinAll(running);
      } finally {
        each.shutdownNow();
      }
    }
  }

  /** Whether a layer's blob is here or somebody can bring it. */
  boolean canBring(RefRecord layer, Descriptor blob) {
    return context.content().contains(blob.digest()) || provider(layer) != null;
  }

  private @Nullable BlobProvider provider(RefRecord layer) {
    return context.look(
        () -> {
          Descriptor blob = layer.blob();
          if (layer.provider != null && !layer.provider.isAvailable()) {
            layer.provider = null;
          }
          if (layer.provider == null && blob != null) {
            layer.provider = context.providers().find(blob, layer.meta);
          }
          return layer.provider;
        });
  }

  /** Brings one layer's own blob. */
  void fetch(RefRecord layer, LayerProgress progress) throws IOException {
    Descriptor blob = context.look(layer::blob);
    if (blob == null || context.content().contains(blob.digest())) {
      return;
    }
    fetching.run(
        blob.digest().text(),
        () -> {
          if (!context.content().contains(blob.digest())) {
            transfer(layer, blob, progress);
          }
          return true;
        });
  }

  private void transfer(RefRecord layer, Descriptor blob, LayerProgress progress)
      throws IOException {
    BlobProvider provider = provider(layer);
    if (provider == null) {
      throw new RefException(
          RefException.Reason.NO_PROVIDER,
          "could not get layer "
              + blob.digest()
              + ": it is not in the content store and nobody is known to have it");
    }
    try {
      limit.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted before fetching " + blob.digest());
    }
    try (ContentStore.Writer writer = context.content().newWriter(blob.digest().algorithm())) {
      progress.transferred(blob.digest(), 0, blob.size());
      provider.fetch(blob, new CountedWriter(writer, blob, progress));
      writer.commit(blob.digest(), blob.size());
      progress.transferred(blob.digest(), blob.size(), blob.size());
    } finally {
      limit.release();
    }
  }
}
