package dev.kiln.wire.stream;

import dev.kiln.wire.error.ErrorStatus;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The callee's side of a streaming call, served by blocking code on a virtual thread of its own.
 *
 * @param <S> response messages
 * @param <R> request messages
 */
public final class ServerStream<S, R> implements MessageStream<S, R> {
  private static final int SEND_AHEAD_BYTES = 512 << 10;

  private final ServerCall<R, S> call;
  private final Inbox<R> inbox;
  private final ReentrantLock sending = new ReentrantLock();
  private boolean closed;

  private ServerStream(ServerCall<R, S> call) {
    this.call = call;
    this.inbox = new Inbox<>(call.getMethodDescriptor().getRequestMarshaller(), call::request);
  }

  /** What serves a streaming call. */
  @FunctionalInterface
  public interface Service<S, R> {
    /**
     * Serves one call. Returning ends it with OK, an exception with the status that {@link
     * ErrorStatus} finds for it. The thread is interrupted when the caller cancels.
     */
    void serve(Metadata headers, MessageStream<S, R> stream) throws Exception;
  }

  /** A handler that serves each call on a virtual thread; response headers go out at once. */
  public static <R, S> ServerCallHandler<R, S> handler(Service<S, R> service) {
    return (call, headers) -> {
      var stream = new ServerStream<S, R>(call);
      call.setOnReadyThreshold(SEND_AHEAD_BYTES);
      call.sendHeaders(new Metadata());
      stream.inbox.start();
      Runnable body = Context.current().wrap(() -> stream.run(service, headers));
      Thread thread = Thread.ofVirtual().name("kiln-stream").start(body);
      return stream.new Events(thread);
    };
  }

  private void run(Service<S, R> service, Metadata headers) {
    try {
      service.serve(headers, this);
      end(Status.OK, new Metadata());
    } catch (Throwable error) {
      StatusRuntimeException failure = ErrorStatus.of(error);
      Metadata trailers = failure.getTrailers();
      end(failure.getStatus(), trailers == null ? new Metadata() : trailers);
    }
  }

  private void end(Status status, Metadata trailers) {
    sending.lock();
    try {
      if (!closed) {
        closed = true;
        call.close(status, trailers);
      }
    } finally {
      sending.unlock();
    }
  }

  @Override
  public void send(S message) {
    sending.lock();
    try {
      inbox.awaitReady(call::isReady);
      inbox.checkSendable();
      call.sendMessage(message);
    } finally {
      sending.unlock();
    }
  }

  @Override
  public @Nullable R receive() {
    return inbox.take();
  }

  /** Ends the call with OK, since a server's direction ends with the call. */
  @Override
  public void closeSend() {
    end(Status.OK, new Metadata());
  }

  /** Ends waiting here; the call itself ends with the outcome of what serves it. */
  @Override
  public void close() {
    inbox.over(new Ending(Status.CANCELLED.withDescription("closed by the server"), null));
  }

  private final class Events extends ServerCall.Listener<R> {
    private final Thread thread;

    Events(Thread thread) {
      this.thread = thread;
    }

    @Override
    public void onMessage(R message) {
      inbox.add(message);
    }

    @Override
    public void onHalfClose() {
      inbox.end(Ending.OK);
    }

    @Override
    public void onReady() {
      inbox.ready();
    }

    @Override
    public void onCancel() {
      inbox.over(new Ending(Status.CANCELLED.withDescription("the caller gave up"), null));
      thread.interrupt();
    }
  }
}
