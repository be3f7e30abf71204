package dev.kiln.solver.store;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets many writers share one sync of the disk: all that wrote before a sync began are safe when it
 * ends. The syncs run on one thread. Thread-safe.
 */
final class GroupSync implements AutoCloseable {
  /** The sync. */
  @FunctionalInterface
  interface Sync {
    void run() throws Exception;
  }

  private final Sync sync;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread thread;
  private CompletableFuture<Void> next = new CompletableFuture<>();
  private CompletableFuture<Void> running = CompletableFuture.completedFuture(null);
  private boolean needed;
  private boolean closed;

  GroupSync(Sync sync, String name) {
    this.sync = sync;
    this.thread = Thread.ofPlatform().name(name).daemon().start(this::loop);
  }

  /** Called after a write; completes when the write is safe. */
  CompletableFuture<Void> afterWrite() {
    lock.lock();
    try {
      if (closed) {
        return CompletableFuture.failedFuture(new IllegalStateException("the database is closed"));
      }
      needed = true;
      changed.signalAll();
      return next.copy();
    } finally {
      lock.unlock();
    }
  }

  /** Completes when all writes so far are safe. */
  CompletableFuture<Void> barrier() {
    lock.lock();
    try {
      return needed ? next.copy() : running.copy();
    } finally {
      lock.unlock();
    }
  }

  private void loop() {
    while (true) {
      CompletableFuture<Void> batch;
      lock.lock();
      try {
        while (!needed && !closed) {
          changed.awaitUninterruptibly();
        }
        if (!needed) {
          return;
        }
        needed = false;
        batch = next;
        running = batch;
        next = new CompletableFuture<>();
      } finally {
        lock.unlock();
      }
      try {
        sync.run();
        batch.complete(null);
      } catch (Exception e) {
        batch.completeExceptionally(
            new IllegalStateException("could not sync the metadata database: " + e, e));
      }
    }
  }

  /** Does what is still to be done and ends. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
