package dev.kiln.wire.transfer;

/** Hears how much was transferred. Called from several threads, one at a time. */
@FunctionalInterface
public interface TransferProgress {
  /** Hears nothing. */
  TransferProgress NONE = (bytes, last) -> {};

  /**
   * Called after each packet that counts.
   *
   * @param bytes of packets so far
   * @param last whether the transfer is over
   */
  void transferred(long bytes, boolean last);
}
