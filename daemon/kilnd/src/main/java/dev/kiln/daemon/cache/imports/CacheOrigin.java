package dev.kiln.daemon.cache.imports;

import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.ref.BlobProvider;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/** Where an imported cache is. Safe for use by many threads. */
interface CacheOrigin {
  /** The largest manifest or config that is read. */
  int MAX_DOCUMENT_BYTES = 1 << 20;

  /** Finds the manifest. */
  Descriptor root() throws IOException;

  /** Reads a manifest, an index or a config of at most {@link #MAX_DOCUMENT_BYTES}. */
  byte[] read(Descriptor document) throws IOException;

  /** The descriptor of a layer with what tells others where it can be had. */
  Descriptor located(Descriptor layer);

  /**
   * Brings layers.
   *
   * @param sessions ids of the sessions that may be used, asked for anew each time
   */
  BlobProvider provider(Supplier<List<String>> sessions);

  /** Whether the origin still has a layer, as far as that can be told without much effort. */
  boolean has(Descriptor layer, Supplier<List<String>> sessions);

  /** Refuses what is larger than documents may be. */
  static void checkSize(Descriptor document) throws IOException {
    if (document.size() > MAX_DOCUMENT_BYTES) {
      throw new IOException(
          "blob "
              + document.digest()
              + " is too large ("
              + document.size()
              + " > "
              + MAX_DOCUMENT_BYTES
              + ")");
    }
  }
}
