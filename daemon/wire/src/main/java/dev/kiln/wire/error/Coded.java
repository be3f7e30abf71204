package dev.kiln.wire.error;

import io.grpc.Status;

/** An exception that knows the gRPC code under which clients shall see it. */
public interface Coded {
  /** The code; never OK. */
  Status.Code code();
}
