package dev.kiln.daemon.history;

import dev.kiln.wire.control.BuildHistoryRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * How long records are kept: one goes when it is both older than the age and beyond the number.
 * Pinned ones stay.
 *
 * @param maxAge counted from the build's end
 * @param maxEntries unpinned records that are kept whatever their age
 */
public record HistoryLimits(Duration maxAge, long maxEntries) {
  private static final Duration DEFAULT_AGE = Duration.ofDays(2);
  private static final long DEFAULT_ENTRIES = 50;

  /** Limits where zero means the default: 48 hours and 50 records. */
  public static HistoryLimits of(Duration maxAge, long maxEntries) {
    return new HistoryLimits(
        maxAge.isZero() ? DEFAULT_AGE : maxAge, maxEntries == 0 ? DEFAULT_ENTRIES : maxEntries);
  }

  /** The records that must go. */
  List<BuildHistoryRecord> expired(List<BuildHistoryRecord> all, Instant now) {
    return all.stream()
        .filter(record -> !record.getPinned())
        .sorted(Comparator.comparing(HistoryLimits::end).reversed())
        .skip(maxEntries)
        .filter(record -> end(record).isBefore(now.minus(maxAge)))
        .toList();
  }

  private static Instant end(BuildHistoryRecord record) {
    return Instant.ofEpochSecond(
        record.getCompletedAt().getSeconds(), record.getCompletedAt().getNanos());
  }
}
