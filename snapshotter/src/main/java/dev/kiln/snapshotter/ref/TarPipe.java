package dev.kiln.snapshotter.ref;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Lets one side read what another writes, without storing it. */
final class TarPipe {
  private static final int BUFFER_BYTES = 1 << 20;

  private TarPipe() {}

  interface Producer {
    void write(OutputStream out) throws IOException;
  }

  interface Consumer<T> {
    T read(InputStream in) throws IOException;
  }

  /** Runs the producer on a thread of its own; its failure comes first. */
  static <T> T run(Producer producer, Consumer<T> consumer) throws IOException {
    PipedInputStream in = new PipedInputStream(BUFFER_BYTES);
    PipedOutputStream out = new PipedOutputStream(in);
    FutureTask<Boolean> writing =
        new FutureTask<>(
            () -> {
              try (out) {
                producer.write(out);
              }
              return true;
            });
    Thread.ofVirtual().name("kiln-tar").start(writing);
    T result = null;
    IOException failed = null;
    try (in) {
      result = consumer.read(in);
    } catch (IOException e) {
      failed = e;
    }
    try {
      if (failed != null && !writing.isDone()) {
        writing.cancel(true);
      } else {
        var _ = writing.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      writing.cancel(true);
      throw new java.io.InterruptedIOException("interrupted while copying a layer");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    }
    if (failed != null || result == null) {
      throw failed == null ? new IOException("a layer came to no end") : failed;
    }
    return result;
  }
}
