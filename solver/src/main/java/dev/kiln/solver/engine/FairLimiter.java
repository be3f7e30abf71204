package dev.kiln.solver.engine;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A limit on things that run at once, shared out in turn between those that wait: a build with
 * hundreds of steps does not keep one with a single step waiting for all of them, not even where
 * that step is one of the hundreds. Thread-safe; its lock is a leaf.
 */
final class FairLimiter {
  private final ReentrantLock lock = new ReentrantLock();

  /** Who waits, by party; the one whose turn it is comes first. May hold tickets that are spent. */
  private final Map<Object, Deque<Ticket>> queues = new LinkedHashMap<>();

  private int waiting;
  private int free;

  /** Makes the limiter; 0 for no limit. */
  FairLimiter(int limit) {
    this.free = limit == 0 ? Integer.MAX_VALUE : limit;
  }

  /** What one thing waits with, once; in the queues of all who want the thing. */
  static final class Ticket {
    private final CountDownLatch turn = new CountDownLatch(1);
    private boolean queued;
  }

  /** A place that is held until released. */
  @FunctionalInterface
  interface Permit {
    void release();
  }

  /** Waits for a place on behalf of some parties, of which the first that has its turn counts. */
  Permit acquire(Ticket ticket, Collection<?> parties) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (free > 0 && waiting == 0) {
        free--;
        return this::release;
      }
      ticket.queued = true;
      waiting++;
      parties.forEach(party -> add(ticket, party));
    } finally {
      lock.unlock();
    }
    try {
      ticket.turn.await();
      return this::release;
    } catch (InterruptedException e) {
      giveUp(ticket);
      throw e;
    }
  }

  /** Another party wants the thing too. */
  void join(Ticket ticket, Object party) {
    lock.lock();
    try {
      if (ticket.queued) {
        add(ticket, party);
      }
    } finally {
      lock.unlock();
    }
  }

  private void add(Ticket ticket, Object party) {
    queues.computeIfAbsent(party, p -> new ArrayDeque<>()).add(ticket);
  }

  /** How many wait. */
  int waiting() {
    lock.lock();
    try {
      return waiting;
    } finally {
      lock.unlock();
    }
  }

  private void giveUp(Ticket ticket) {
    boolean hasPlace;
    lock.lock();
    try {
      hasPlace = !ticket.queued;
      if (!hasPlace) {
        spend(ticket);
      }
    } finally {
      lock.unlock();
    }
    if (hasPlace) {
      release();
    }
  }

  /** Called under the lock. */
  private void spend(Ticket ticket) {
    ticket.queued = false;
    waiting--;
    if (waiting == 0) {
      queues.clear();
    }
  }

  private void release() {
    lock.lock();
    try {
      Ticket next = next();
      if (next == null) {
        free++;
      } else {
        spend(next);
        next.turn.countDown();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The party whose turn it was goes to the end of the line. Called under the lock. */
  private @Nullable Ticket next() {
    while (!queues.isEmpty()) {
      Object party = queues.keySet().iterator().next();
      Deque<Ticket> queue = queues.getOrDefault(party, new ArrayDeque<>());
      queues.remove(party);
      while (!queue.isEmpty()) {
        Ticket ticket = queue.remove();
        if (ticket.queued) {
          queues.put(party, queue);
          return ticket;
        }
      }
    }
    return null;
  }
}
