package dev.kiln.daemon.history;

import dev.kiln.daemon.progress.ProgressLog;
import dev.kiln.wire.control.StatusResponse;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;

/**
 * Progress as a blob: messages, each after its length in four bytes, the lowest first (control.md,
 * section 8). Stateless.
 */
final class StatusLog {
  static final String MEDIA_TYPE = "application/vnd.buildkit.status.v0";
  private static final int MAX_MESSAGE_BYTES = 64 << 20;

  private StatusLog() {}

  /** Writes all of an ended log. */
  static void write(ProgressLog log, OutputStream out) throws IOException, InterruptedException {
    ProgressLog.Reader reader = log.read();
    for (StatusResponse next = reader.next(); next != null; next = reader.next()) {
      byte[] bytes = next.toByteArray();
      ByteBuffer length = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
      out.write(length.putInt(bytes.length).array());
      out.write(bytes);
    }
  }

  /** Reads a blob and hands on each message. */
  static void read(InputStream in, Consumer<StatusResponse> to) throws IOException {
    DataInputStream data = new DataInputStream(new java.io.BufferedInputStream(in));
    while (true) {
      byte[] length = data.readNBytes(4);
      if (length.length == 0) {
        return;
      }
      if (length.length < 4) {
        throw new EOFException("a build's log ends within a message");
      }
      int size = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getInt();
      if (size < 0 || size > MAX_MESSAGE_BYTES) {
        throw new IOException("a build's log is damaged: a message of " + size + " bytes");
      }
      byte[] message = data.readNBytes(size);
      if (message.length < size) {
        throw new EOFException("a build's log ends within a message");
      }
      to.accept(StatusResponse.parseFrom(message));
    }
  }
}
