package dev.kiln.solver.engine;

import dev.kiln.solver.Cancellation;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Work that many may wait for and that is done once. It runs on its own virtual thread; when the
 * last waiter is interrupted the work is cancelled, and who comes later starts it anew. Success and
 * failure are remembered, a cancellation is not. Thread-safe.
 */
final class SharedCall<T> {
  /** The work. */
  @FunctionalInterface
  interface Body<T> {
    T run(Cancellation cancellation) throws Exception;
  }

  private final Body<T> body;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int waiters;
  private boolean done;
  private @Nullable T value;
  private @Nullable Exception failure;
  private @Nullable Cancellation running;
  private @Nullable Thread runner;

  SharedCall(Body<T> body) {
    this.body = body;
  }

  /**
   * Waits for the value, and starts the work if nobody did.
   *
   * @throws ExecutionException with the work's failure as cause
   * @throws InterruptedException if the caller gave up
   */
  T get() throws InterruptedException, ExecutionException {
    lock.lockInterruptibly();
    try {
      waiters++;
      while (!done) {
        if (running == null) {
          start();
        }
        changed.await();
      }
      if (failure != null) {
        throw new ExecutionException(failure);
      }
      return Objects.requireNonNull(value);
    } finally {
      waiters--;
      cancelIfUnwanted();
      lock.unlock();
    }
  }

  /** The value if the work succeeded; null otherwise. Does not wait. */
  @Nullable T peek() {
    lock.lock();
    try {
      return value;
    } finally {
      lock.unlock();
    }
  }

  private void start() {
    Cancellation cancellation = new Cancellation();
    running = cancellation;
    runner = Thread.ofVirtual().unstarted(() -> run(cancellation));
    runner.start();
  }

  private void cancelIfUnwanted() {
    if (waiters == 0 && !done && running != null && runner != null) {
      running.cancel();
      runner.interrupt();
    }
  }

  private void run(Cancellation cancellation) {
    T result = null;
    Exception error = null;
    try {
      result = body.run(cancellation);
    } catch (Exception e) {
      error = e;
    } catch (Error e) {
      error = new ExecutionException(e);
    }
    lock.lock();
    try {
      running = null;
      runner = null;
      if (error == null || !cancellation.isCancelled()) {
        value = result;
        failure = error;
        done = true;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
