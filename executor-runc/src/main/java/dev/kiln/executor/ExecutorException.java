package dev.kiln.executor;

import org.jspecify.annotations.Nullable;

/** Why a process did not succeed. */
public abstract sealed class ExecutorException extends Exception
    permits ExitException, CancelledException, SetupException {
  ExecutorException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
