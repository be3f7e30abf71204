package dev.kiln.cli.engine;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/**
 * An HTTP/1.1 answer on a connection that ends with it (RFC 9112). The JDK's client knows no Unix
 * sockets, and all that is needed of the protocol is this.
 */
record HttpAnswer(int status, InputStream body) {
  private static final int MAX_LINE = 16 << 10;

  /** Reads the head; the body is read from what is returned. */
  static HttpAnswer read(InputStream in) throws IOException {
    InputStream buffered = new BufferedInputStream(in);
    int status = 100;
    boolean chunked = false;
    while (status / 100 == 1) {
      String[] first = line(buffered).split(" ", 3);
      if (first.length < 2 || !first[0].startsWith("HTTP/1.") || !first[1].matches("[0-9]{3}")) {
        throw new IOException("the engine did not answer in HTTP/1.1");
      }
      status = Integer.parseInt(first[1]);
      for (String line = line(buffered); !line.isEmpty(); line = line(buffered)) {
        String lower = line.toLowerCase(Locale.ROOT);
        chunked |= lower.startsWith("transfer-encoding:") && lower.contains("chunked");
      }
    }
    return new HttpAnswer(status, chunked ? new Chunks(buffered) : buffered);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0 || line.length() > MAX_LINE) {
        throw new EOFException("the engine broke its answer off");
      }
      line.append((char) c);
    }
    return line.toString().stripTrailing();
  }

  private static final class Chunks extends InputStream {
    private final InputStream in;
    private int left;
    private boolean over;

    Chunks(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
      if (left == 0 && !over) {
        next();
      }
      if (over) {
        return -1;
      }
      int read = in.read(bytes, offset, Math.min(count, left));
      if (read < 0) {
        throw new EOFException("the engine broke its answer off");
      }
      left -= read;
      if (left == 0) {
        line(in);
      }
      return read;
    }

    private void next() throws IOException {
      String size = line(in).split(";", 2)[0].strip();
      try {
        left = Integer.parseInt(size, 16);
      } catch (NumberFormatException e) {
        throw new IOException("the engine sent a chunk of size " + size, e);
      }
      over = left == 0;
    }
  }
}
