package dev.kiln.snapshotter.layer;

/** Deflates one block by itself (RFC 1951, raw). Thread-safe. */
interface BlockDeflater {
  /** Compressed bytes: the first {@code length} of the array. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Packed(byte[] bytes, int length) {}

  /**
   * Compresses the first {@code length} bytes of a block.
   *
   * @param dictionary what came right before, at most 32 KiB
   * @param last whether the stream ends here; otherwise the output ends on a byte boundary, so that
   *     another block's output can follow
   */
  Packed pack(byte[] input, int length, byte[] dictionary, boolean last);
}
