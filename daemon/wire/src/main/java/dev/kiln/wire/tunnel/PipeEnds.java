package dev.kiln.wire.tunnel;

import dev.kiln.wire.Limits;
import dev.kiln.wire.socket.EventLoops;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** gRPC on either end of a pipe: HTTP/2 with prior knowledge, without TLS. */
final class PipeEnds {
  private PipeEnds() {}

  /**
   * A channel over the pipe, which dials it at the first call and never again.
   *
   * @param loops where the pipe's bytes are handled
   */
  static ManagedChannel channel(PipeChannel pipe, EventLoopGroup loops) {
    AtomicBoolean dialled = new AtomicBoolean();
    return NettyChannelBuilder.forAddress(PipeAddress.INSTANCE)
        .channelFactory(() -> dialled.getAndSet(true) ? PipeChannel.broken() : pipe)
        .eventLoopGroup(loops)
        .executor(EventLoops.handlers())
        .offloadExecutor(EventLoops.handlers())
        .usePlaintext()
        .overrideAuthority("localhost")
        .disableRetry()
        .idleTimeout(365, TimeUnit.DAYS)
        .maxInboundMessageSize(Limits.MESSAGE_BYTES)
        .maxInboundMetadataSize(Limits.METADATA_BYTES)
        .flowControlWindow(Limits.WINDOW_BYTES)
        .build();
  }

  /** A started server whose only connection is the pipe; it ends with it. */
  static Server server(PipeChannel pipe, List<ServerServiceDefinition> services) {
    Server server =
        NettyServerBuilder.forAddress(PipeAddress.INSTANCE)
            .channelFactory(() -> new OneShotServerChannel(pipe))
            .bossEventLoopGroup(EventLoops.shared())
            .workerEventLoopGroup(EventLoops.shared())
            .executor(EventLoops.handlers())
            .maxInboundMessageSize(Limits.MESSAGE_BYTES)
            .maxInboundMetadataSize(Limits.METADATA_BYTES)
            .flowControlWindow(Limits.WINDOW_BYTES)
            .permitKeepAliveTime(1, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .addServices(services)
            .build();
    try {
      server.start();
    } catch (IOException e) {
      throw new IllegalStateException("a pipe needs nothing from the system to be served", e);
    }
    // Shutting down waits for the event loops, so it must not run on one.
    pipe.closeFuture().addListener(_ -> EventLoops.handlers().execute(server::shutdownNow));
    return server;
  }
}
