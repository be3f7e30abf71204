package dev.kiln.daemon.trace.otlp;

import java.time.Duration;

/**
 * How often a request is tried.
 *
 * @param first the pause after the first try; each further one is twice as long
 * @param longest no pause is longer
 * @param all after this long a request is given up
 */
record Backoff(Duration first, Duration longest, Duration all) {
  static final Backoff DEFAULT =
      new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(15), Duration.ofMinutes(1));

  Duration after(Duration pause) {
    Duration doubled = pause.multipliedBy(2);
    return doubled.compareTo(longest) > 0 ? longest : doubled;
  }
}
