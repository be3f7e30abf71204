package dev.kiln.registry.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Sends a blob in large pieces. The JDK's own publisher of streams moves 16 KiB at a time, which
 * halves the speed of an upload.
 */
final class StreamPublisher implements Flow.Publisher<ByteBuffer> {
  private static final int CHUNK_BYTES = 128 << 10;

  private final BlobSource source;
  private final TransferProgress progress;

  StreamPublisher(BlobSource source, TransferProgress progress) {
    this.source = source;
    this.progress = progress;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
    subscriber.onSubscribe(new Reading(subscriber));
  }

  /** One pass over the blob. The subscriber's threads read, one at a time. */
  private final class Reading implements Flow.Subscription {
    private final Flow.Subscriber<? super ByteBuffer> subscriber;
    private final AtomicLong demand = new AtomicLong();
    private final AtomicInteger pending = new AtomicInteger();
    private volatile boolean cancelled;
    private @Nullable InputStream in;
    private long sent;
    private boolean ended;

    Reading(Flow.Subscriber<? super ByteBuffer> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void request(long count) {
      demand.accumulateAndGet(count, (a, b) -> a + b < 0 ? Long.MAX_VALUE : a + b);
      run();
    }

    @Override
    public void cancel() {
      cancelled = true;
      run();
    }

    /** Works off what was asked for; a thread that comes meanwhile leaves its wish and goes. */
    private void run() {
      if (pending.getAndIncrement() > 0) {
        return;
      }
      int seen = 1;
      do {
        while (!ended && !cancelled && demand.get() > 0) {
          demand.decrementAndGet();
          next();
        }
        if (cancelled) {
          end();
        }
        seen = pending.addAndGet(-seen);
      } while (seen > 0);
    }

    private void next() {
      try {
        InputStream open = in == null ? source.open() : in;
        in = open;
        byte[] chunk = new byte[CHUNK_BYTES];
        int count = open.readNBytes(chunk, 0, chunk.length);
        if (count > 0) {
          sent += count;
          subscriber.onNext(ByteBuffer.wrap(chunk, 0, count));
          progress.moved(sent);
        } else {
          end();
          subscriber.onComplete();
        }
      } catch (IOException | RuntimeException e) {
        end();
        subscriber.onError(new BlobSourceException(e));
      }
    }

    private void end() {
      ended = true;
      InputStream open = in;
      in = null;
      if (open != null) {
        try {
          open.close();
        } catch (IOException e) {
          // All that was needed of it has been read.
          cancelled = true;
        }
      }
    }
  }
}
