package dev.kiln.wire.session;

import dev.kiln.wire.error.Coded;
import io.grpc.Status;

/** A session that was needed is not there. */
public final class NoSessionException extends RuntimeException implements Coded {
  private static final long serialVersionUID = 1L;

  private final Status.Code code;

  private NoSessionException(Status.Code code, String message) {
    super(message);
    this.code = code;
  }

  static NoSessionException waitedFor(String id) {
    return new NoSessionException(
        Status.Code.DEADLINE_EXCEEDED,
        "no active session for " + id + ": context deadline exceeded");
  }

  static NoSessionException interrupted(String id) {
    return new NoSessionException(
        Status.Code.CANCELLED, "no active session for " + id + ": context canceled");
  }

  static NoSessionException none() {
    return new NoSessionException(Status.Code.UNKNOWN, "no active sessions");
  }

  static NoSessionException notOffered(String what) {
    return new NoSessionException(Status.Code.UNKNOWN, what);
  }

  @Override
  public Status.Code code() {
    return code;
  }
}
