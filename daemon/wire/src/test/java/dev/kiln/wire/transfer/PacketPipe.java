package dev.kiln.wire.transfer;

import dev.kiln.wire.fsutil.Packet;
import dev.kiln.wire.stream.MessageStream;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/** Two ends of a stream of packets in memory; each direction holds a few packets only. */
final class PacketPipe {
  private static final int CAPACITY = 32;

  private final BlockingQueue<Optional<Packet>> forth = new ArrayBlockingQueue<>(CAPACITY);
  private final BlockingQueue<Optional<Packet>> back = new ArrayBlockingQueue<>(CAPACITY);
  final End sender = new End(forth, back);
  final End receiver = new End(back, forth);

  /** One side. Closing it ends both directions, as a broken call does. */
  static final class End implements MessageStream<Packet, Packet> {
    private final BlockingQueue<Optional<Packet>> out;
    private final BlockingQueue<Optional<Packet>> in;
    private volatile boolean over;

    private End(BlockingQueue<Optional<Packet>> out, BlockingQueue<Optional<Packet>> in) {
      this.out = out;
      this.in = in;
    }

    @Override
    public void send(Packet message) {
      put(Optional.of(message));
    }

    private void put(Optional<Packet> message) {
      try {
        out.put(message);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public @Nullable Packet receive() {
      if (over) {
        return null;
      }
      try {
        Optional<Packet> packet = in.take();
        over = packet.isEmpty();
        return packet.orElse(null);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void closeSend() {
      put(Optional.empty());
    }

    @Override
    public void close() {
      // Whoever still sends shall not wait for a reader that is gone.
      Thread.ofVirtual()
          .start(
              () -> {
                while (receive() != null) {}
              });
      put(Optional.empty());
    }
  }
}
