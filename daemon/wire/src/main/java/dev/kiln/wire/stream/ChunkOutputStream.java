package dev.kiln.wire.stream;

import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Writes bytes to a call as chunks. Closing sends the rest, ends this direction and waits for the
 * end of the call. Not thread-safe.
 */
public final class ChunkOutputStream extends OutputStream {
  /** Small writes are joined up to this size; large ones go out as they are, up to the limit. */
  private static final int BUFFER_BYTES = 64 << 10;

  private final MessageStream<byte[], byte[]> call;
  private final int maxChunkBytes;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int filled;
  private boolean closed;

  /** Writes to {@code call}, which it owns, in chunks of at most that many bytes. */
  public ChunkOutputStream(MessageStream<byte[], byte[]> call, int maxChunkBytes) {
    this.call = call;
    this.maxChunkBytes = maxChunkBytes;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    if (length <= buffer.length - filled) {
      System.arraycopy(source, offset, buffer, filled, length);
      filled += length;
      return;
    }
    flush();
    if (length <= buffer.length) {
      System.arraycopy(source, offset, buffer, 0, length);
      filled = length;
      return;
    }
    for (int at = offset, end = offset + length; at < end; at += maxChunkBytes) {
      send(Arrays.copyOfRange(source, at, Math.min(end, at + maxChunkBytes)));
    }
  }

  /** Sends what is buffered. */
  @Override
  public void flush() throws IOException {
    if (filled > 0) {
      byte[] chunk = Arrays.copyOf(buffer, filled);
      filled = 0;
      send(chunk);
    }
  }

  /** Gives the transfer up: the other side sees it cancelled, not ended. */
  public void abort() {
    closed = true;
    call.close();
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    flush();
    closed = true;
    try {
      call.closeSend();
      while (call.receive() != null) {
        // The other side has nothing to say but how it ended.
      }
    } catch (StatusRuntimeException e) {
      throw failure(e);
    }
  }

  private void send(byte[] chunk) throws IOException {
    try {
      call.send(chunk);
    } catch (StatusRuntimeException e) {
      closed = true;
      throw failure(e);
    }
  }

  private static IOException failure(StatusRuntimeException error) {
    return new IOException(
        "could not send to the other side: " + error.getStatus().getDescription(), error);
  }
}
