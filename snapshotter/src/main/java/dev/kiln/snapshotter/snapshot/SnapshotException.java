package dev.kiln.snapshotter.snapshot;

import java.io.IOException;

/** A snapshot operation that its state does not allow; nothing was changed. */
public final class SnapshotException extends IOException {
  /** What was wrong. */
  public enum Reason {
    NOT_FOUND,
    EXISTS,
    WRONG_KIND,
    IN_USE
  }

  private final Reason reason;

  public SnapshotException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
