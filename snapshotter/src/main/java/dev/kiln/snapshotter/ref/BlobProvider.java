package dev.kiln.snapshotter.ref;

import dev.kiln.snapshotter.content.ContentStore;
import dev.kiln.snapshotter.content.Descriptor;
import java.io.IOException;

/** Brings the bytes of a blob from where it lives (a registry, a cache). Thread-safe. */
public interface BlobProvider {
  /**
   * Writes all bytes of the blob; the caller verifies and commits. May call {@link
   * ContentStore.Writer#restart} to begin again.
   */
  void fetch(Descriptor blob, ContentStore.Writer target) throws IOException;

  /** Whether a fetch can be tried now. Must not block. */
  default boolean isAvailable() {
    return true;
  }
}
