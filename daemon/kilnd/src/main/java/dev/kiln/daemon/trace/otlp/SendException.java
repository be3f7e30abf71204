package dev.kiln.daemon.trace.otlp;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The collector did not take a request. */
final class SendException extends IOException {
  private static final long serialVersionUID = 1;

  private final boolean passing;

  /**
   * A request was not taken.
   *
   * @param passing whether the same request may be taken later
   */
  SendException(String message, boolean passing, @Nullable Throwable cause) {
    super(message, cause);
    this.passing = passing;
  }

  boolean isPassing() {
    return passing;
  }
}
