package dev.kiln.wire.tunnel;

import dev.kiln.wire.socket.EventLoops;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/**
 * A gRPC server whose one connection runs over a pair of streams: a frontend container's stdio. The
 * server ends when the input does. Thread-safe.
 */
public final class StdioServer implements AutoCloseable {
  private final PipeChannel pipe;
  private final Server server;

  private StdioServer(PipeChannel pipe, Server server) {
    this.pipe = pipe;
    this.server = server;
  }

  /**
   * Serves the services to the client that writes to {@code in} and reads from {@code out}. Both
   * streams are used until the server ends; {@code out} is closed then.
   */
  public static StdioServer start(
      InputStream in, OutputStream out, List<ServerServiceDefinition> services) {
    PipeChannel pipe = StdioCarrier.open(in, out, PipeChannel::accepted);
    Server server = PipeEnds.server(pipe, services);
    pipe.start();
    return new StdioServer(pipe, server);
  }

  /** The other end: a channel to a server behind a pair of streams. */
  public static ManagedChannel dial(InputStream in, OutputStream out) {
    PipeChannel pipe = StdioCarrier.open(in, out, PipeChannel::client);
    pipe.start();
    return PipeEnds.channel(pipe, EventLoops.shared());
  }

  /** Blocks until the connection has ended. */
  public void awaitTermination() throws InterruptedException {
    server.awaitTermination();
  }

  @Override
  public void close() {
    pipe.abort();
    server.shutdownNow();
  }
}
