package dev.kiln.wire.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.DefaultEventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PipeChannelTest {
  private static final int CHUNKS = 100;

  private final DefaultEventLoop loop = new DefaultEventLoop();

  @AfterEach
  void stop() {
    var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  /** Delivers within the request, as a call does whose connection is on the pipe's own loop. */
  private static final class PromptCarrier implements Carrier {
    private PipeChannel pipe;
    private int next;

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void write(byte[] chunk) {}

    @Override
    public void request(int chunks) {
      for (int i = 0; i < chunks && next < CHUNKS; i++) {
        pipe.receive(new byte[] {(byte) next++});
      }
    }

    @Override
    public void close() {}
  }

  @Test
  void chunksThatComeWithinTheRequestForThemKeepTheirOrder() throws Exception {
    PromptCarrier carrier = new PromptCarrier();
    PipeChannel pipe = PipeChannel.client(carrier);
    carrier.pipe = pipe;
    List<Integer> received = new ArrayList<>();
    CompletableFuture<List<Integer>> all = new CompletableFuture<>();
    pipe.pipeline()
        .addLast(
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext context, Object message) {
                ByteBuf chunk = (ByteBuf) message;
                received.add((int) chunk.readByte());
                chunk.release();
                if (received.size() == CHUNKS) {
                  all.complete(received);
                }
              }
            });
    pipe.start();
    loop.register(pipe).sync();
    pipe.connect(PipeAddress.INSTANCE).sync();

    assertThat(all.get(20, TimeUnit.SECONDS))
        .containsExactlyElementsOf(IntStream.range(0, CHUNKS).boxed().toList());
  }
}
