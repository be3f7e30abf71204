package dev.kiln.executor;

import org.jspecify.annotations.Nullable;

/** Nobody wanted the process any more, so it was killed. */
public final class CancelledException extends ExecutorException {
  public CancelledException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
