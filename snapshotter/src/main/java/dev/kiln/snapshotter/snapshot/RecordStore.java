package dev.kiln.snapshotter.snapshot;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A durable map from bytes to bytes with ordered keys. Thread-safe. Every implementation must pass
 * RecordStoreContract.
 */
public interface RecordStore extends AutoCloseable {
  /** One change of a batch. A null value deletes. Never compared, so arrays do no harm. */
  @SuppressWarnings("ArrayRecordComponent")
  record Change(byte[] key, byte @Nullable [] value) {}

  /** Receives one record of a scan. */
  interface Visitor {
    void visit(byte[] key, byte[] value) throws IOException;
  }

  /** The value of a key, or null. */
  byte @Nullable [] get(byte[] key) throws IOException;

  /** Visits the records whose key starts with the prefix, in the order of unsigned key bytes. */
  void scan(byte[] prefix, Visitor visitor) throws IOException;

  /**
   * Applies changes in order, all or none, and returns once they would survive a power cut.
   *
   * <p>Called on a platform thread.
   */
  void apply(List<Change> changes) throws IOException;

  @Override
  void close() throws IOException;
}
