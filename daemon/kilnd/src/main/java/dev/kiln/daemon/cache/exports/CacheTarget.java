package dev.kiln.daemon.cache.exports;

import dev.kiln.snapshotter.content.Descriptor;
import java.io.IOException;
import java.io.InputStream;

/** Where an exported cache goes. Safe for use by many threads. */
interface CacheTarget {
  /** Where a blob's bytes come from; may be asked more than once. */
  @FunctionalInterface
  interface Source {
    InputStream open() throws IOException;
  }

  /** Brings a blob, unless it is there already. */
  void blob(Descriptor blob, Source source) throws IOException;

  /** Brings the manifest that names everything, last. */
  void manifest(Descriptor manifest, byte[] bytes) throws IOException;
}
