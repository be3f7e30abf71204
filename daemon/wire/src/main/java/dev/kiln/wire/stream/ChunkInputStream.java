package dev.kiln.wire.stream;

import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads the chunks of a call as one stream of bytes; closing gives the call up. Not thread-safe.
 */
public final class ChunkInputStream extends InputStream {
  private final MessageStream<byte[], byte[]> call;
  private byte[] chunk = new byte[0];
  private int at;
  private boolean ended;

  /** Reads from {@code call}, which it owns. */
  public ChunkInputStream(MessageStream<byte[], byte[]> call) {
    this.call = call;
  }

  @Override
  public int read() throws IOException {
    return fill() ? chunk[at++] & 0xff : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, chunk.length - at);
    System.arraycopy(chunk, at, target, offset, count);
    at += count;
    return count;
  }

  @Override
  public int available() {
    return chunk.length - at;
  }

  private boolean fill() throws IOException {
    while (at == chunk.length && !ended) {
      byte[] next = receive();
      ended = next == null;
      if (next != null) {
        chunk = next;
        at = 0;
      }
    }
    return at < chunk.length;
  }

  private byte @org.jspecify.annotations.Nullable [] receive() throws IOException {
    try {
      return call.receive();
    } catch (StatusRuntimeException e) {
      throw new IOException(
          "could not read from the other side: " + e.getStatus().getDescription(), e);
    }
  }

  @Override
  public void close() {
    if (!ended) {
      ended = true;
      at = chunk.length;
      call.close();
    }
  }
}
