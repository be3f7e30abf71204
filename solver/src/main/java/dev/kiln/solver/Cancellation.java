package dev.kiln.solver;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/** A signal, given at most once, that work is no longer wanted. Safe for use by many threads. */
public final class Cancellation {
  private final Object lock = new Object();
  private final List<Registration> listeners = new ArrayList<>();
  private volatile boolean cancelled;

  /** Whether the signal was given. */
  public boolean isCancelled() {
    return cancelled;
  }

  /** Throws if the signal was given. */
  public void throwIfCancelled() {
    if (cancelled) {
      throw new CancellationException("context canceled");
    }
  }

  /** Gives the signal; listeners run on this thread. */
  public void cancel() {
    List<Registration> toRun;
    synchronized (lock) {
      if (cancelled) {
        return;
      }
      cancelled = true;
      toRun = List.copyOf(listeners);
      listeners.clear();
    }
    toRun.forEach(r -> r.listener.run());
  }

  /**
   * Runs the listener once when the signal is given, or now if it was.
   *
   * @return closes to forget the listener
   */
  public Registration onCancel(Runnable listener) {
    Registration registration = new Registration(listener);
    synchronized (lock) {
      if (!cancelled) {
        listeners.add(registration);
        return registration;
      }
    }
    listener.run();
    return registration;
  }

  /** A listener's place in the list. */
  public final class Registration implements AutoCloseable {
    private final Runnable listener;

    private Registration(Runnable listener) {
      this.listener = listener;
    }

    @Override
    public void close() {
      synchronized (lock) {
        listeners.remove(this);
      }
    }
  }
}
