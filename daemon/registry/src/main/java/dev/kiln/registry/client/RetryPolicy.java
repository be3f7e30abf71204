package dev.kiln.registry.client;

import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How often and how soon something that failed is tried again.
 *
 * @param maxAttempts all attempts together
 * @param firstDelay before the second attempt; doubled for each further one
 * @param maxDelay no delay is longer, and a registry that asks for more is given up
 * @param stallTimeout how long a download may stand still before its connection counts as broken
 * @param pause how to wait
 */
public record RetryPolicy(
    int maxAttempts,
    Duration firstDelay,
    Duration maxDelay,
    Duration stallTimeout,
    Pause pause,
    Clock clock) {
  /** Six attempts over about eight seconds; a registry may ask for waits of up to a minute. */
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(
          6,
          Duration.ofMillis(250),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Thread::sleep,
          Clock.systemUTC());

  /** Waits; a test's stand-in only counts. */
  @FunctionalInterface
  public interface Pause {
    /** Returns after the duration. */
    void await(Duration duration) throws InterruptedException;
  }

  /**
   * The delay after a failed attempt (the first is 1), with some chance in it so that clients do
   * not move in step.
   */
  Duration delayAfter(int attempt) {
    long base = firstDelay.toMillis() << Math.min(attempt - 1, 16);
    long bounded = Math.min(base, maxDelay.toMillis());
    return Duration.ofMillis(bounded + ThreadLocalRandom.current().nextLong(bounded / 4 + 1));
  }

  /** What a Retry-After header asks for (RFC 9110, 10.2.3), or zero. */
  Duration retryAfter(String header) {
    if (header.matches("\\d{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(header));
    }
    try {
      Instant until = ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration wait = Duration.between(clock.instant(), until);
      return wait.isNegative() ? Duration.ZERO : wait;
    } catch (DateTimeException e) {
      return Duration.ZERO;
    }
  }

  void waitFor(Duration duration) throws InterruptedIOException {
    try {
      pause.await(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting to ask a registry again");
    }
  }
}
