package dev.kiln.snapshotter.ref;

import dev.kiln.snapshotter.content.Digest;

/** Hears how layers come in. Called from several threads, often; must not block. */
public interface LayerProgress {
  LayerProgress NONE = new LayerProgress() {};

  /** Bytes of a blob that have arrived; the last call has {@code current == total}. */
  default void transferred(Digest blob, long current, long total) {}

  /** A blob starts to be unpacked. */
  default void extractBegin(Digest blob) {}

  /** A blob was unpacked. */
  default void extractEnd(Digest blob) {}
}
