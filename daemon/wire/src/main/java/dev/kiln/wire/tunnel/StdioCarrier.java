package dev.kiln.wire.tunnel;

import dev.kiln.wire.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A pipe over two blocking streams, with one thread to read and one to write. They are platform
 * threads, since a read of a process's output would otherwise hold a virtual thread's carrier.
 */
final class StdioCarrier implements Carrier {
  /** Bytes that may wait to be written before the channel is told to hold back. */
  private static final int SEND_AHEAD_BYTES = 512 << 10;

  private static final byte[] END = new byte[0];

  private final InputStream in;
  private final OutputStream out;
  private final PipeChannel pipe;
  private final Semaphore credit = new Semaphore(0);
  private final BlockingQueue<byte[]> outgoing = new LinkedBlockingQueue<>();
  private final AtomicInteger waitingBytes = new AtomicInteger();
  private final AtomicBoolean closed = new AtomicBoolean();

  private StdioCarrier(
      InputStream in, OutputStream out, Function<Carrier, PipeChannel> pipeOverCarrier) {
    this.in = in;
    this.out = out;
    this.pipe = pipeOverCarrier.apply(this);
  }

  /** A channel over the streams; its owner calls {@link PipeChannel#start} and closes it. */
  static PipeChannel open(
      InputStream in, OutputStream out, Function<Carrier, PipeChannel> pipeOverCarrier) {
    StdioCarrier carrier = new StdioCarrier(in, out, pipeOverCarrier);
    Thread.ofPlatform().daemon().name("kiln-stdio-read").start(carrier::readAll);
    Thread.ofPlatform().daemon().name("kiln-stdio-write").start(carrier::writeAll);
    return carrier.pipe;
  }

  private void readAll() {
    byte[] buffer = new byte[Limits.CHUNK_BYTES];
    try {
      while (true) {
        credit.acquire();
        int count = in.read(buffer);
        if (count < 0 || closed.get()) {
          break;
        }
        pipe.receive(Arrays.copyOf(buffer, count));
      }
    } catch (IOException | InterruptedException e) {
      // The end of the stream, however it came about, is the end of the connection.
    }
    pipe.end();
  }

  private void writeAll() {
    try (out) {
      while (true) {
        byte[] chunk = outgoing.take();
        if (chunk.length == 0) {
          return;
        }
        out.write(chunk);
        if (outgoing.isEmpty()) {
          out.flush();
        }
        if (waitingBytes.addAndGet(-chunk.length) < SEND_AHEAD_BYTES) {
          pipe.ready();
        }
      }
    } catch (IOException | InterruptedException e) {
      pipe.abort();
    }
  }

  @Override
  public boolean isReady() {
    return waitingBytes.get() < SEND_AHEAD_BYTES;
  }

  @Override
  public void write(byte[] chunk) {
    if (!closed.get()) {
      waitingBytes.addAndGet(chunk.length);
      outgoing.add(chunk);
    }
  }

  @Override
  public void request(int chunks) {
    credit.release(chunks);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      outgoing.add(END);
      credit.release();
    }
  }
}
