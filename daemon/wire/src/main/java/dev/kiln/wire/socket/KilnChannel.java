package dev.kiln.wire.socket;

import dev.kiln.wire.Limits;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Dials a daemon. */
public final class KilnChannel {
  private KilnChannel() {}

  /**
   * Opens a channel to a daemon; nothing is dialled before the first call.
   *
   * @param tls files for a TCP address with TLS, or null for a plain connection
   * @param serverName the name that the server's certificate must carry, or null for the host
   * @throws SSLException if the TLS files cannot be used
   */
  public static ManagedChannel open(
      Address address, @Nullable TlsFiles tls, @Nullable String serverName) throws SSLException {
    return builder(address, tls, serverName).build();
  }

  private static NettyChannelBuilder builder(
      Address address, @Nullable TlsFiles tls, @Nullable String serverName) throws SSLException {
    NettyChannelBuilder builder =
        switch (address) {
          case Address.Unix(var path) -> unix(path);
          case Address.Tcp(var host, var port) -> tcp(host, port, tls);
          case Address.Inherited ignored ->
              throw new IllegalArgumentException(
                  "could not dial " + address + ": only a server can use an inherited socket");
        };
    if (serverName != null) {
      builder.overrideAuthority(serverName);
    }
    return builder
        .eventLoopGroup(EventLoops.shared())
        .executor(EventLoops.handlers())
        .offloadExecutor(EventLoops.handlers())
        .disableRetry()
        .idleTimeout(365, TimeUnit.DAYS)
        .maxInboundMessageSize(Limits.MESSAGE_BYTES)
        .maxInboundMetadataSize(Limits.METADATA_BYTES)
        .flowControlWindow(Limits.WINDOW_BYTES);
  }

  /** Opens a channel without TLS. */
  public static ManagedChannel open(Address address) {
    return open(address, new Metadata());
  }

  /** Opens a channel without TLS whose calls all carry these headers. */
  public static ManagedChannel open(Address address, Metadata headers) {
    try {
      NettyChannelBuilder builder = builder(address, null, null);
      if (!headers.keys().isEmpty()) {
        builder.intercept(MetadataUtils.newAttachHeadersInterceptor(headers));
      }
      return builder.build();
    } catch (SSLException e) {
      throw new IllegalStateException("a plain channel sets up no TLS", e);
    }
  }

  @SuppressWarnings("NullAway") // Netty documents null as "remove the option"
  private static NettyChannelBuilder unix(Path path) {
    SocketAddress address =
        EventLoops.epoll()
            ? new DomainSocketAddress(path.toString())
            : UnixDomainSocketAddress.of(path);
    return NettyChannelBuilder.forAddress(address)
        .channelType(
            EventLoops.epoll() ? EpollDomainSocketChannel.class : NioDomainSocketChannel.class)
        .withOption(ChannelOption.SO_KEEPALIVE, null)
        .overrideAuthority("localhost")
        .usePlaintext();
  }

  private static NettyChannelBuilder tcp(String host, int port, @Nullable TlsFiles tls)
      throws SSLException {
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(host, port)
            .channelType(
                EventLoops.epoll() ? EpollSocketChannel.class : NioSocketChannel.class,
                InetSocketAddress.class);
    return tls == null ? builder.usePlaintext() : builder.sslContext(tls.forClient());
  }
}
