package dev.kiln.wire.socket;

import dev.kiln.wire.Limits;
import dev.kiln.wire.control.ControlGrpc;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Binds gRPC servers to the kinds of address. */
final class ServerSockets {
  private static final String SESSION = ControlGrpc.getSessionMethod().getFullMethodName();

  private ServerSockets() {}

  static NettyServerBuilder builder(Address address, @Nullable TlsFiles tls) throws SSLException {
    NettyServerBuilder builder =
        switch (address) {
          case Address.Unix(var path) when EventLoops.epoll() ->
              plain(
                  NettyServerBuilder.forAddress(new DomainSocketAddress(path.toString()))
                      .channelType(EpollServerDomainSocketChannel.class));
          case Address.Unix(var path) ->
              plain(
                  NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(path))
                      .channelType(NioServerDomainSocketChannel.class));
          case Address.Tcp(var host, var port) -> tcp(new InetSocketAddress(host, port), tls);
          case Address.Inherited(var fd) ->
              plain(
                  NettyServerBuilder.forAddress(new DomainSocketAddress("fd-" + fd))
                      .channelFactory(() -> inherited(fd)));
        };
    return builder
        .bossEventLoopGroup(EventLoops.shared())
        .workerEventLoopGroup(EventLoops.shared())
        .executor(EventLoops.handlers())
        .callExecutor(ServerSockets::executorOf)
        .addTransportFilter(EventLoops.noting())
        .maxInboundMetadataSize(Limits.METADATA_BYTES)
        .flowControlWindow(Limits.WINDOW_BYTES)
        .permitKeepAliveTime(1, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true);
  }

  /** The address with the port that the system chose, where port 0 was asked for. */
  static Address bound(Address address, Server server) {
    return address instanceof Address.Tcp(var host, var port) && port == 0
        ? new Address.Tcp(host, server.getPort())
        : address;
  }

  private static NettyServerBuilder tcp(SocketAddress address, @Nullable TlsFiles tls)
      throws SSLException {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(address)
            .channelType(
                EventLoops.epoll() ? EpollServerSocketChannel.class : NioServerSocketChannel.class);
    return tls == null ? builder : builder.sslContext(tls.forServer());
  }

  /** A null value takes the option away, which these sockets would warn about. */
  @SuppressWarnings("NullAway") // Netty documents null as "remove"
  private static NettyServerBuilder plain(NettyServerBuilder builder) {
    return builder.withChildOption(ChannelOption.SO_KEEPALIVE, null);
  }

  /** The tunnel's bytes only change queues, so they need no thread of their own. */
  private static <Q, S> @Nullable Executor executorOf(ServerCall<Q, S> call, Metadata headers) {
    return SESSION.equals(call.getMethodDescriptor().getFullMethodName()) ? Runnable::run : null;
  }

  private static ServerChannel inherited(int fd) {
    EpollServerDomainSocketChannel channel = new EpollServerDomainSocketChannel(fd, true);
    channel.pipeline().addFirst(new AlreadyBound());
    return channel;
  }

  private static final class AlreadyBound extends ChannelOutboundHandlerAdapter {
    @Override
    public void bind(ChannelHandlerContext context, SocketAddress local, ChannelPromise promise) {
      promise.setSuccess();
    }
  }
}
