package dev.kiln.wire.transfer;

import com.google.protobuf.ByteString;
import dev.kiln.wire.fsutil.Packet;
import dev.kiln.wire.fsutil.Packet.PacketType;
import dev.kiln.wire.stream.MessageStream;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The first thing that went wrong on this side of a transfer. Thread-safe. */
final class Failure {
  private final MessageStream<Packet, Packet> stream;
  private final AtomicReference<@Nullable Throwable> first = new AtomicReference<>();

  Failure(MessageStream<Packet, Packet> stream) {
    this.stream = stream;
  }

  /** Work of one thread of the transfer. */
  interface Work {
    void run() throws IOException;
  }

  /** An error that the other side reported, so that it need not be told. */
  private static final class PeerException extends IOException {
    PeerException(String message) {
      super(message);
    }
  }

  static IOException ofPeer(String message) {
    return new PeerException(message);
  }

  /** Runs work on a virtual thread; its failure is reported. */
  Thread start(String name, Work work) {
    return Thread.ofVirtual()
        .name("transfer-" + name)
        .start(
            () -> {
              try {
                work.run();
              } catch (IOException | RuntimeException | Error e) {
                report(e);
              }
            });
  }

  /**
   * Keeps the first failure, tells the other side of it, and gives the call up, which wakes
   * whatever waits for it.
   */
  void report(Throwable e) {
    if (!first.compareAndSet(null, e)) {
      return;
    }
    try {
      if (!(e instanceof PeerException)) {
        String text = e.getMessage() == null ? e.toString() : e.getMessage();
        stream.send(
            Packet.newBuilder()
                .setType(PacketType.PACKET_ERR)
                .setData(ByteString.copyFromUtf8(text))
                .build());
      }
    } catch (RuntimeException ignored) {
      // The other side cannot be told any more.
      e.addSuppressed(ignored);
    }
  }

  /** Throws when something has failed, so that other work stops. */
  void check() throws IOException {
    if (first.get() != null) {
      throw new IOException("the transfer failed elsewhere");
    }
  }

  boolean happened() {
    return first.get() != null;
  }

  void join(Thread... threads) {
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (true) {
        try {
          thread.join();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  void rethrow() throws IOException {
    switch (first.get()) {
      case null -> {}
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException("a transfer failed", e);
    }
  }
}
