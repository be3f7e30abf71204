package dev.kiln.wire.tunnel;

import dev.kiln.wire.control.ControlGrpc;
import dev.kiln.wire.stream.BytesMarshaller;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The client's end of a session: the {@code Session} call to a daemon, and a gRPC server inside it
 * that the daemon calls. Thread-safe.
 */
public final class ClientTunnel implements AutoCloseable {
  private static final int SEND_AHEAD_BYTES = 512 << 10;

  private final ClientCall<byte[], byte[]> call;
  private final PipeChannel pipe;
  private final CompletableFuture<Status> ended = new CompletableFuture<>();

  private ClientTunnel(ClientCall<byte[], byte[]> call) {
    this.call = call;
    this.pipe = PipeChannel.accepted(new CallCarrier());
  }

  /**
   * Opens a session with these headers and serves the services in it until {@link #close}.
   *
   * @param headers the session's metadata, see {@code SessionHeaders}
   */
  public static ClientTunnel open(
      Channel daemon, Metadata headers, List<ServerServiceDefinition> services) {
    var method = BytesMarshaller.raw(ControlGrpc.getSessionMethod());
    var options =
        CallOptions.DEFAULT.withExecutor(Runnable::run).withOnReadyThreshold(SEND_AHEAD_BYTES);
    ClientTunnel tunnel = new ClientTunnel(daemon.newCall(method, options));
    tunnel.call.start(tunnel.new Events(), headers);
    PipeEnds.server(tunnel.pipe, services);
    tunnel.pipe.start();
    return tunnel;
  }

  /** Completes with the status of the Session call when the tunnel has ended. */
  public CompletableFuture<Status> ended() {
    return ended.copy();
  }

  /** Ends the session: no byte more is written, and the daemon's calls inside fail. */
  @Override
  public void close() {
    pipe.abort();
  }

  private final class Events extends ClientCall.Listener<byte[]> {
    @Override
    public void onMessage(byte[] chunk) {
      pipe.receive(chunk);
    }

    @Override
    public void onReady() {
      pipe.ready();
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      pipe.abort();
      ended.complete(status);
    }
  }

  private final class CallCarrier implements Carrier {
    private boolean over;

    @Override
    public boolean isReady() {
      return call.isReady();
    }

    @Override
    public synchronized void write(byte[] chunk) {
      if (!over) {
        call.sendMessage(chunk);
      }
    }

    @Override
    public void request(int chunks) {
      call.request(chunks);
    }

    @Override
    public synchronized void close() {
      if (!over) {
        over = true;
        call.halfClose();
      }
    }
  }
}
