package dev.kiln.daemon.control;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.locks.LockSupport;

/** Keeps a sender from running ahead of a slow receiver. */
final class FlowControl {
  private static final long POLL_NANOS = 2_000_000;

  private FlowControl() {}

  /**
   * Sends a message once the transport can take it.
   *
   * @throws InterruptedException when the client went away meanwhile
   */
  static <T> void send(StreamObserver<T> out, T message) throws InterruptedException {
    if (out instanceof ServerCallStreamObserver<T> call) {
      // The call's own ready callbacks cannot run while its handler blocks, hence the short parks.
      while (!call.isReady()) {
        if (call.isCancelled() || Thread.interrupted()) {
          throw new InterruptedException("context canceled");
        }
        LockSupport.parkNanos(POLL_NANOS);
      }
    }
    out.onNext(message);
  }
}
