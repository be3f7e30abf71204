package dev.kiln.cli.progress;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** When a step ran; it may run more than once, and parts of a group at the same time. */
final class Intervals {
  /** Ends by starts; no end means that it still runs. */
  private final TreeMap<Instant, Optional<Instant>> ends = new TreeMap<>();

  private record Interval(Instant start, Optional<Instant> end) {}

  /** Says that it ran from one time to another; returns whether that is news. */
  boolean put(Instant start, Optional<Instant> end) {
    return !end.equals(ends.put(start, end));
  }

  boolean started() {
    return !ends.isEmpty();
  }

  /** Whether it ran and has ended. */
  boolean completed() {
    List<Interval> merged = merged();
    return !merged.isEmpty() && merged.getLast().end().isPresent();
  }

  /** The end of the last run, if it has ended. */
  Optional<Instant> end() {
    List<Interval> merged = merged();
    return merged.isEmpty() ? Optional.empty() : merged.getLast().end();
  }

  /** The start of the last run. */
  Optional<Instant> lastStart() {
    List<Interval> merged = merged();
    return merged.isEmpty() ? Optional.empty() : Optional.of(merged.getLast().start());
  }

  /** How long it ran in all; times that overlap count once. */
  Duration total(Instant now) {
    Duration sum = Duration.ZERO;
    for (Interval interval : merged()) {
      sum = sum.plus(Duration.between(interval.start(), interval.end().orElse(now)));
    }
    return sum;
  }

  private List<Interval> merged() {
    List<Interval> result = new ArrayList<>();
    for (Map.Entry<Instant, Optional<Instant>> entry : ends.entrySet()) {
      Interval next = new Interval(entry.getKey(), entry.getValue());
      Interval last = result.isEmpty() ? null : result.getLast();
      if (last == null || last.end().filter(end -> end.isBefore(next.start())).isPresent()) {
        result.add(next);
      } else if (last.end().isPresent()) {
        result.removeLast();
        result.add(new Interval(last.start(), later(last.end().get(), next.end())));
      }
    }
    return result;
  }

  private static Optional<Instant> later(Instant a, Optional<Instant> b) {
    return b.map(end -> end.isAfter(a) ? end : a);
  }
}
