package dev.kiln.wire.tunnel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.AbstractChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * A Netty channel over a {@link Carrier} of byte chunks. Outward it waits while the carrier is not
 * ready; inward at most {@link #READ_AHEAD} chunks wait, since the carrier delivers only what was
 * requested. It can be connected once.
 */
final class PipeChannel extends AbstractChannel {
  /** Chunks that may wait between the carrier and the HTTP/2 codec. */
  static final int READ_AHEAD = 4;

  /** Small HTTP/2 frames are joined up to this size. */
  private static final int CHUNK_BYTES = 128 << 10;

  private static final ChannelMetadata METADATA = new ChannelMetadata(false);

  private final Carrier carrier;
  private final ChannelConfig config = new PipeConfig(this);
  private final Queue<byte[]> received = new ConcurrentLinkedQueue<>();
  private volatile boolean ended;
  private volatile boolean open = true;
  private volatile boolean connected;
  private boolean reading;
  private boolean blocked;
  private boolean delivering;

  /** A channel that must be connected before use. */
  static PipeChannel client(Carrier carrier) {
    return new PipeChannel(null, carrier, false);
  }

  /** A channel that a server accepts as it is. */
  static PipeChannel accepted(Carrier carrier) {
    return new PipeChannel(null, carrier, true);
  }

  /** A channel whose connection fails: what every dial after the first one gets. */
  static PipeChannel broken() {
    PipeChannel channel = new PipeChannel(null, new ClosedCarrier(), false);
    channel.ended = true;
    return channel;
  }

  private PipeChannel(@Nullable Channel parent, Carrier carrier, boolean connected) {
    super(parent);
    this.carrier = carrier;
    this.connected = connected;
  }

  /** Tells the carrier that delivery may start; called once, when it can take requests. */
  void start() {
    carrier.request(READ_AHEAD);
  }

  /** Delivers a chunk; from any thread, in order. */
  void receive(byte[] chunk) {
    received.add(chunk);
    onLoop(this::deliver);
  }

  /** Says that no chunk follows: the channel closes once it has delivered what came. */
  void end() {
    ended = true;
    onLoop(this::deliver);
  }

  /** Says that the carrier may be ready again. */
  void ready() {
    onLoop(
        () -> {
          if (blocked) {
            blocked = false;
            ((PipeUnsafe) unsafe()).resume();
          }
        });
  }

  /** Closes without another byte in either direction. */
  void abort() {
    received.clear();
    ended = true;
    carrier.close();
    onLoop(() -> unsafe().close(voidPromise()));
  }

  /** Before registration nothing waits for events: reading starts with what has come by then. */
  private void onLoop(Runnable action) {
    if (!isRegistered()) {
      return;
    }
    if (eventLoop().inEventLoop()) {
      action.run();
    } else {
      eventLoop().execute(action);
    }
  }

  private void deliver() {
    // A carrier on this loop delivers within the request for more: that chunk waits for its turn.
    if (delivering) {
      return;
    }
    delivering = true;
    try {
      do {
        passOn();
      } while (reading && !received.isEmpty());
    } finally {
      delivering = false;
    }
    if (ended && received.isEmpty() && connected) {
      unsafe().close(voidPromise());
    }
  }

  private void passOn() {
    boolean any = false;
    while (reading) {
      byte[] chunk = received.poll();
      if (chunk == null) {
        break;
      }
      any = true;
      carrier.request(1);
      if (chunk.length > 0) {
        pipeline().fireChannelRead(Unpooled.wrappedBuffer(chunk));
      }
    }
    if (any) {
      reading = false;
      pipeline().fireChannelReadComplete();
    }
  }

  @Override
  protected void doBeginRead() {
    reading = true;
    if (!received.isEmpty() || ended) {
      eventLoop().execute(this::deliver);
    }
  }

  @Override
  protected void doWrite(ChannelOutboundBuffer out) throws Exception {
    while (!out.isEmpty()) {
      if (!carrier.isReady()) {
        blocked = true;
        return;
      }
      byte[] chunk = gather(out);
      out.removeBytes(chunk.length);
      // An empty message would make stock clients read stale bytes.
      if (chunk.length > 0) {
        carrier.write(chunk);
      }
    }
  }

  private static byte[] gather(ChannelOutboundBuffer out) throws Exception {
    int[] size = {0};
    out.forEachFlushedMessage(
        message -> {
          size[0] += ((ByteBuf) message).readableBytes();
          return size[0] < CHUNK_BYTES;
        });
    byte[] chunk = new byte[Math.min(size[0], CHUNK_BYTES)];
    int[] filled = {0};
    out.forEachFlushedMessage(
        message -> {
          ByteBuf part = (ByteBuf) message;
          int count = Math.min(part.readableBytes(), chunk.length - filled[0]);
          part.getBytes(part.readerIndex(), chunk, filled[0], count);
          filled[0] += count;
          return filled[0] < chunk.length;
        });
    return chunk;
  }

  @Override
  protected void doClose() {
    open = false;
    received.clear();
    carrier.close();
  }

  @Override
  protected void doDisconnect() {
    doClose();
  }

  @Override
  protected void doBind(SocketAddress localAddress) {
    throw new UnsupportedOperationException("a pipe has no address to bind");
  }

  @Override
  protected AbstractUnsafe newUnsafe() {
    return new PipeUnsafe();
  }

  @Override
  protected boolean isCompatible(EventLoop loop) {
    return true;
  }

  @Override
  protected SocketAddress localAddress0() {
    return PipeAddress.INSTANCE;
  }

  @Override
  protected SocketAddress remoteAddress0() {
    return PipeAddress.INSTANCE;
  }

  @Override
  public ChannelConfig config() {
    return config;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public boolean isActive() {
    return open && connected;
  }

  @Override
  public ChannelMetadata metadata() {
    return METADATA;
  }

  private final class PipeUnsafe extends AbstractUnsafe {
    @Override
    public void connect(SocketAddress remote, SocketAddress local, ChannelPromise promise) {
      if (!promise.setUncancellable()) {
        return;
      }
      if (!open || connected || ended) {
        promise.setFailure(new ConnectException("the session is closed"));
        return;
      }
      connected = true;
      promise.setSuccess();
      pipeline().fireChannelActive();
      if (config().isAutoRead()) {
        read();
      }
    }

    @Override
    protected void flush0() {
      if (!blocked) {
        super.flush0();
      }
    }

    void resume() {
      super.flush0();
    }
  }

  /** Takes the one socket option that gRPC sets on every channel, which would be warned about. */
  private static final class PipeConfig extends DefaultChannelConfig {
    PipeConfig(Channel channel) {
      super(channel);
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
      return option.equals(ChannelOption.SO_KEEPALIVE) || super.setOption(option, value);
    }
  }
}
