package dev.kiln.wire.stream;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The caller's side of a streaming call.
 *
 * @param <S> request messages
 * @param <R> response messages
 */
public final class ClientStream<S, R> implements MessageStream<S, R> {
  /** Bytes that may wait in the transport before {@link #send} blocks. */
  private static final int SEND_AHEAD_BYTES = 512 << 10;

  private final ClientCall<S, R> call;
  private final Inbox<R> inbox;
  private final ReentrantLock sending = new ReentrantLock();
  private final boolean singleRequest;
  private boolean sendClosed;

  private ClientStream(ClientCall<S, R> call, MethodDescriptor<S, R> method) {
    this.call = call;
    this.singleRequest = method.getType().clientSendsOneMessage();
    this.inbox = new Inbox<>(method.getResponseMarshaller(), call::request);
  }

  /** Starts a call with these request headers. */
  public static <S, R> ClientStream<S, R> open(
      Channel channel, MethodDescriptor<S, R> method, Metadata headers) {
    return open(channel, method, headers, CallOptions.DEFAULT);
  }

  /** Starts a call with these request headers and options. */
  public static <S, R> ClientStream<S, R> open(
      Channel channel, MethodDescriptor<S, R> method, Metadata headers, CallOptions options) {
    // The events only change the inbox, so they need no thread of their own.
    var call =
        channel.newCall(
            method, options.withExecutor(Runnable::run).withOnReadyThreshold(SEND_AHEAD_BYTES));
    var stream = new ClientStream<>(call, method);
    call.start(stream.new Events(), headers);
    stream.inbox.start();
    return stream;
  }

  @Override
  public void send(S message) {
    sending.lock();
    try {
      // A call with a single request opens its stream with it, and is never ready before.
      if (!singleRequest) {
        inbox.awaitReady(call::isReady);
      }
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

  @Override
  public void closeSend() {
    sending.lock();
    try {
      if (!sendClosed) {
        sendClosed = true;
        call.halfClose();
      }
    } finally {
      sending.unlock();
    }
  }

  @Override
  public void close() {
    call.cancel("closed by the caller", null);
  }

  private final class Events extends ClientCall.Listener<R> {
    @Override
    public void onMessage(R message) {
      inbox.add(message);
    }

    @Override
    public void onReady() {
      inbox.ready();
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      inbox.over(new Ending(status, trailers));
    }
  }
}
