package dev.kiln.integration;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for what no event tells: the state of other processes. */
public final class Await {
  private static final Duration STEP = Duration.ofMillis(20);

  private Await() {}

  /** Returns as soon as a condition holds; fails with a reason if it does not in time. */
  public static void until(Duration patience, String what, Callable<Boolean> condition)
      throws Exception {
    long end = System.nanoTime() + patience.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not in " + patience.toSeconds() + " s: " + what);
      }
      LockSupport.parkNanos(STEP.toNanos());
    }
  }
}
