package dev.kiln.wire.tunnel;

import dev.kiln.wire.control.ControlGrpc;
import dev.kiln.wire.socket.EventLoops;
import dev.kiln.wire.stream.BytesMarshaller;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;

/**
 * The daemon's end of one {@code Control/Session} call: a channel on which the daemon calls the
 * client. Thread-safe.
 *
 * <p>The HTTP/2 connection inside is made at the first call and never again. When the client ends
 * its direction the call is closed at once with OK, and nothing more is written: the stock client
 * takes bytes that arrive after its half-close, a GOAWAY for instance, for a broken connection, and
 * then waits a second before it lets go.
 */
public final class SessionTunnel implements AutoCloseable {
  private static final int SEND_AHEAD_BYTES = 512 << 10;

  private final ServerCall<byte[], byte[]> call;
  private final PipeChannel pipe;
  private final ManagedChannel channel;
  private final List<Runnable> closeListeners = new ArrayList<>();
  private boolean closed;

  private SessionTunnel(ServerCall<byte[], byte[]> call) {
    this.call = call;
    this.pipe = PipeChannel.client(new CallCarrier());
    this.channel = PipeEnds.channel(pipe, EventLoops.of(call.getAttributes()));
  }

  /** Takes the sessions that clients open. */
  @FunctionalInterface
  public interface Acceptor {
    /** Takes a session with the metadata of its call; must not block. An exception refuses it. */
    void accept(Metadata headers, SessionTunnel tunnel);
  }

  /** The same service with {@code Session} served by tunnels that go to {@code acceptor}. */
  public static ServerServiceDefinition bind(ServerServiceDefinition control, Acceptor acceptor) {
    MethodDescriptor<byte[], byte[]> session = BytesMarshaller.raw(ControlGrpc.getSessionMethod());
    ServiceDescriptor old = control.getServiceDescriptor();
    var descriptor =
        ServiceDescriptor.newBuilder(old.getName()).setSchemaDescriptor(old.getSchemaDescriptor());
    List<ServerMethodDefinition<?, ?>> methods = new ArrayList<>();
    for (ServerMethodDefinition<?, ?> method : control.getMethods()) {
      String name = method.getMethodDescriptor().getFullMethodName();
      methods.add(
          name.equals(session.getFullMethodName())
              ? ServerMethodDefinition.create(session, handler(acceptor))
              : method);
    }
    methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
    var bound = ServerServiceDefinition.builder(descriptor.build());
    methods.forEach(bound::addMethod);
    return bound.build();
  }

  private static ServerCallHandler<byte[], byte[]> handler(Acceptor acceptor) {
    return (call, headers) -> {
      SessionTunnel tunnel = new SessionTunnel(call);
      call.setOnReadyThreshold(SEND_AHEAD_BYTES);
      call.sendHeaders(new Metadata());
      acceptor.accept(headers, tunnel);
      tunnel.pipe.start();
      return tunnel.new Events();
    };
  }

  /** The channel on which the client's services are called. */
  public ManagedChannel channel() {
    return channel;
  }

  /** Runs {@code listener} when the tunnel ends, or at once if it has; it must not block. */
  public void onClose(Runnable listener) {
    synchronized (closeListeners) {
      if (!closed) {
        closeListeners.add(listener);
        return;
      }
    }
    listener.run();
  }

  /** Ends the tunnel: the client's call returns OK and open calls inside fail as unavailable. */
  @Override
  public void close() {
    List<Runnable> listeners;
    synchronized (closeListeners) {
      if (closed) {
        return;
      }
      closed = true;
      listeners = List.copyOf(closeListeners);
    }
    pipe.abort();
    channel.shutdownNow();
    listeners.forEach(Runnable::run);
  }

  private final class Events extends ServerCall.Listener<byte[]> {
    @Override
    public void onMessage(byte[] chunk) {
      pipe.receive(chunk);
    }

    @Override
    public void onReady() {
      pipe.ready();
    }

    @Override
    public void onHalfClose() {
      close();
    }

    @Override
    public void onCancel() {
      close();
    }
  }

  private final class CallCarrier implements Carrier {
    private boolean ended;

    @Override
    public boolean isReady() {
      return call.isReady();
    }

    @Override
    public synchronized void write(byte[] chunk) {
      if (!ended) {
        call.sendMessage(chunk);
      }
    }

    @Override
    public void request(int chunks) {
      call.request(chunks);
    }

    @Override
    public synchronized void close() {
      if (!ended) {
        ended = true;
        call.close(Status.OK, new Metadata());
      }
    }
  }
}
