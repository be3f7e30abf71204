package dev.kiln.wire.stream;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.jspecify.annotations.Nullable;

/** How a call ended, with the trailers that carry an error's details. */
record Ending(Status status, @Nullable Metadata trailers) {
  static final Ending OK = new Ending(Status.OK, null);

  boolean isOk() {
    return status.isOk();
  }

  StatusRuntimeException exception() {
    return isOk()
        ? Status.CANCELLED
            .withDescription("the other side ended the call")
            .asRuntimeException(trailers)
        : status.asRuntimeException(trailers);
  }
}
