package dev.kiln.executor;

import org.jspecify.annotations.Nullable;

/** The container or the process could not be prepared; nothing of it ran. */
public final class SetupException extends ExecutorException {
  public SetupException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  public SetupException(String message) {
    super(message, null);
  }
}
