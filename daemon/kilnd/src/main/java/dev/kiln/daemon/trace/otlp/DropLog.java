package dev.kiln.daemon.trace.otlp;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts spans that a collector did not get and says so in the daemon's log, once a minute at most.
 * Safe for use by many threads.
 */
final class DropLog {
  private static final Logger log = LoggerFactory.getLogger(DropLog.class);
  private static final Duration QUIET = Duration.ofMinutes(1);

  private final String collector;
  private final InstantSource clock;
  private long count;
  private long told;
  private Instant next = Instant.MIN;

  DropLog(String collector) {
    this(collector, InstantSource.system());
  }

  DropLog(String collector, InstantSource clock) {
    this.collector = collector;
    this.clock = clock;
  }

  synchronized void dropped(long spans, String why) {
    count += spans;
    Instant now = clock.instant();
    if (!now.isBefore(next)) {
      next = now.plus(QUIET);
      tellRest(why);
    }
  }

  /** Says what was not said yet. */
  synchronized void tellRest(String why) {
    if (count > told) {
      log.warn(
          "could not send {} spans to the collector {}: {}; they are dropped, {} since the start",
          count - told,
          collector,
          why,
          count);
      told = count;
    }
  }

  /** The collector takes spans: what was not told yet is told now. */
  synchronized void delivered() {
    if (count > told) {
      log.warn(
          "the collector {} takes spans again; {} were dropped since the start", collector, count);
      told = count;
      next = Instant.MIN;
    }
  }

  synchronized long count() {
    return count;
  }
}
