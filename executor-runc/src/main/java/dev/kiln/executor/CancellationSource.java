package dev.kiln.executor;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A {@link Cancellation} that its owner can trigger. */
public final class CancellationSource implements Cancellation {
  private final Set<Entry> entries = new LinkedHashSet<>();
  private boolean cancelled;
  private @Nullable Throwable cause;

  /** One registration; identity matters, since the same action may be registered twice. */
  private final class Entry implements Registration {
    private final Runnable action;

    Entry(Runnable action) {
      this.action = action;
    }

    @Override
    public void close() {
      synchronized (CancellationSource.this) {
        entries.remove(this);
      }
    }
  }

  /** Cancels; every later call does nothing. */
  public void cancel(@Nullable Throwable reason) {
    List<Entry> due;
    synchronized (this) {
      if (cancelled) {
        return;
      }
      cancelled = true;
      cause = reason;
      due = new ArrayList<>(entries);
      entries.clear();
    }
    due.forEach(entry -> entry.action.run());
  }

  @Override
  public synchronized boolean isCancelled() {
    return cancelled;
  }

  @Override
  public synchronized @Nullable Throwable cause() {
    return cause;
  }

  @Override
  public Registration onCancel(Runnable action) {
    var entry = new Entry(action);
    synchronized (this) {
      if (!cancelled) {
        entries.add(entry);
        return entry;
      }
    }
    action.run();
    return entry;
  }
}
