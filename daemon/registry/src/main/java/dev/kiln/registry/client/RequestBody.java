package dev.kiln.registry.client;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;

/**
 * What a call sends.
 *
 * @param length in bytes
 */
record RequestBody(long length, BlobSource source, TransferProgress progress) {
  static final RequestBody NONE = of(new byte[0]);

  static RequestBody of(byte[] bytes) {
    return new RequestBody(
        bytes.length, () -> new ByteArrayInputStream(bytes), TransferProgress.NONE);
  }

  BodyPublisher publisher() {
    if (length == 0) {
      return BodyPublishers.noBody();
    }
    return BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(this::open), length);
  }

  private InputStream open() {
    try {
      return new Counting(source.open(), progress);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Tells how many bytes were taken. */
  private static final class Counting extends FilterInputStream {
    private final TransferProgress progress;
    private long bytes;

    Counting(InputStream in, TransferProgress progress) {
      super(in);
      this.progress = progress;
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      if (value >= 0) {
        progress.moved(++bytes);
      }
      return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int count = super.read(buffer, offset, length);
      if (count > 0) {
        bytes += count;
        progress.moved(bytes);
      }
      return count;
    }
  }
}
