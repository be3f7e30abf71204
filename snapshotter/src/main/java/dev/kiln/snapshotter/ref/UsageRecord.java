package dev.kiln.snapshotter.ref;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One ref as disk usage shows it (control.md, UsageRecord).
 *
 * @param bytes its own size, without its parents
 * @param lastUsedAt null when it was never used again
 */
public record UsageRecord(
    String id,
    boolean mutable,
    boolean inUse,
    long bytes,
    List<String> parents,
    Instant createdAt,
    @Nullable Instant lastUsedAt,
    int usageCount,
    String description,
    RecordType recordType,
    boolean shared) {
  public UsageRecord {
    parents = List.copyOf(parents);
  }

  /** The same, used or not. */
  UsageRecord withInUse(boolean used) {
    return new UsageRecord(
        id,
        mutable,
        used,
        bytes,
        parents,
        createdAt,
        lastUsedAt,
        usageCount,
        description,
        recordType,
        shared);
  }
}
