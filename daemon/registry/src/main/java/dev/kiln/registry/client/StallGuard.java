package dev.kiln.registry.client;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Breaks off a read that waits too long. A connection whose other end is gone without a word would
 * otherwise be waited for without end. Thread-safe.
 */
final class StallGuard implements AutoCloseable {
  private static final int CHECKS_PER_TIMEOUT = 4;

  private final Duration timeout;
  private final Runnable breakOff;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();
  private boolean open = true;
  private volatile boolean reading;
  private volatile long since;

  StallGuard(Duration timeout, Runnable breakOff) {
    this.timeout = timeout;
    this.breakOff = breakOff;
    Thread.ofVirtual().name("stall-guard").start(this::watch);
  }

  /** A read begins. */
  void enter() {
    since = System.nanoTime();
    reading = true;
  }

  /** The read ended. */
  void leave() {
    reading = false;
  }

  private void watch() {
    long pauseNanos = Math.max(1, timeout.toNanos() / CHECKS_PER_TIMEOUT);
    lock.lock();
    try {
      while (open) {
        boolean signalled = ended.await(pauseNanos, TimeUnit.NANOSECONDS);
        if (!signalled && open && reading && System.nanoTime() - since > timeout.toNanos()) {
          breakOff.run();
        }
      }
    } catch (InterruptedException e) {
      // Nobody interrupts this thread but a program that ends.
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      open = false;
      ended.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
