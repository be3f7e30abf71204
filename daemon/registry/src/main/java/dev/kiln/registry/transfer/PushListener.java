package dev.kiln.registry.transfer;

import dev.kiln.registry.client.PushOutcome;
import dev.kiln.registry.client.TransferProgress;
import dev.kiln.snapshotter.content.Descriptor;

/** Hears how a push goes on. Called from several threads at once. */
public interface PushListener {
  /** Hears nothing. */
  PushListener NONE = new PushListener() {};

  /** A blob's turn has come; the answer hears its bytes. */
  default TransferProgress started(Descriptor blob) {
    return TransferProgress.NONE;
  }

  /** A blob is in the registry. */
  default void done(Descriptor blob, PushOutcome outcome) {}

  /** All blobs are there; manifests follow. */
  default void blobsDone() {}
}
