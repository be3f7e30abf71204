package dev.kiln.solver.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A limit on things that run at once, shared out in turn between those that wait: a build with
 * hundreds of steps does not keep one with a single step waiting for all of them. Thread-safe.
 */
final class FairLimiter {
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Object, Deque<CountDownLatch>> queues = new LinkedHashMap<>();
  private int free;

  /** Makes the limiter; 0 for no limit. */
  FairLimiter(int limit) {
    this.free = limit == 0 ? Integer.MAX_VALUE : limit;
  }

  /** A place that is held until released. */
  @FunctionalInterface
  interface Permit {
    void release();
  }

  /** Waits for a place on behalf of a party. */
  Permit acquire(Object party) throws InterruptedException {
    CountDownLatch turn = new CountDownLatch(1);
    lock.lockInterruptibly();
    try {
      if (free > 0 && queues.isEmpty()) {
        free--;
        return this::release;
      }
      queues.computeIfAbsent(party, p -> new ArrayDeque<>()).add(turn);
    } finally {
      lock.unlock();
    }
    try {
      turn.await();
      return this::release;
    } catch (InterruptedException e) {
      giveUp(party, turn);
      throw e;
    }
  }

  /** How many wait. */
  int waiting() {
    lock.lock();
    try {
      return queues.values().stream().mapToInt(Deque::size).sum();
    } finally {
      lock.unlock();
    }
  }

  private void giveUp(Object party, CountDownLatch turn) {
    boolean hasPlace;
    lock.lock();
    try {
      Deque<CountDownLatch> queue = queues.get(party);
      hasPlace = queue == null || !queue.remove(turn);
      if (queue != null && queue.isEmpty()) {
        queues.remove(party);
      }
    } finally {
      lock.unlock();
    }
    if (hasPlace) {
      release();
    }
  }

  /** The party whose turn it was goes to the end of the line. */
  private void release() {
    lock.lock();
    try {
      if (queues.isEmpty()) {
        free++;
        return;
      }
      Map.Entry<Object, Deque<CountDownLatch>> next = queues.entrySet().iterator().next();
      queues.remove(next.getKey());
      next.getValue().remove().countDown();
      if (!next.getValue().isEmpty()) {
        queues.put(next.getKey(), next.getValue());
      }
    } finally {
      lock.unlock();
    }
  }
}
