package dev.kiln.executor;

import org.jspecify.annotations.Nullable;

/** Tells a running call that its result is no longer wanted. Safe for use by many threads. */
public interface Cancellation {
  /** Never cancelled. */
  Cancellation NONE =
      new Cancellation() {
        @Override
        public boolean isCancelled() {
          return false;
        }

        @Override
        public @Nullable Throwable cause() {
          return null;
        }

        @Override
        public Registration onCancel(Runnable action) {
          return () -> {};
        }
      };

  boolean isCancelled();

  /** Why it was cancelled; null when it is not, or when no reason was given. */
  @Nullable Throwable cause();

  /**
   * Registers an action that runs once on cancellation, at once if that has happened already. The
   * action must not block.
   */
  Registration onCancel(Runnable action);

  /** An action that waits for a cancellation. */
  interface Registration extends AutoCloseable {
    /** Forgets the action; it may still be running when this returns. */
    @Override
    void close();
  }
}
