package dev.kiln.snapshotter.ref;

import java.io.IOException;

/** A ref that cannot be had. */
public final class RefException extends IOException {
  /** Why. */
  public enum Reason {
    /** There is none (any more). */
    NOT_FOUND,
    /** A mutable ref that somebody else holds. */
    LOCKED,
    /** A lazy layer whose blob nobody can bring any more. */
    NO_PROVIDER
  }

  private final Reason reason;

  public RefException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
