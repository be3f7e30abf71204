package dev.kiln.registry.client;

/** Hears how many bytes of one blob have moved. Called often, from the thread that moves them. */
@FunctionalInterface
public interface TransferProgress {
  /** Does nothing. */
  TransferProgress NONE = bytes -> {};

  /**
   * Bytes have moved.
   *
   * @param bytes so far, from the blob's beginning; smaller than before when a transfer starts
   *     again
   */
  void moved(long bytes);
}
