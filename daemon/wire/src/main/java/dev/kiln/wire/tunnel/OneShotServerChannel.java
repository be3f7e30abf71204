package dev.kiln.wire.tunnel;

import io.netty.channel.AbstractServerChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import java.net.SocketAddress;

/** A server channel that accepts the one pipe it was made with. */
final class OneShotServerChannel extends AbstractServerChannel {
  private final ChannelConfig config = new DefaultChannelConfig(this);
  private final PipeChannel pipe;
  private volatile boolean open = true;
  private volatile boolean bound;
  private boolean accepted;

  OneShotServerChannel(PipeChannel pipe) {
    this.pipe = pipe;
  }

  @Override
  protected void doBeginRead() {
    if (!accepted) {
      accepted = true;
      eventLoop()
          .execute(
              () -> {
                pipeline().fireChannelRead(pipe);
                pipeline().fireChannelReadComplete();
              });
    }
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
  protected void doBind(SocketAddress localAddress) {
    bound = true;
  }

  @Override
  protected void doClose() {
    open = false;
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
    return open && bound;
  }
}
