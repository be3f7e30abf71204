package dev.kiln.snapshotter.layer;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/** Hashes and counts what is read through it. */
final class HashedStream extends FilterInputStream {
  private final MessageDigest hash;
  private final byte[] skipped = new byte[64 * 1024];
  private long count;

  HashedStream(InputStream in, MessageDigest hash) {
    super(in);
    this.hash = hash;
  }

  long count() {
    return count;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int n = in.read(bytes, offset, length);
    if (n > 0) {
      hash.update(bytes, offset, n);
      count += n;
    }
    return n;
  }

  @Override
  public long skip(long n) throws IOException {
    return n <= 0 ? 0 : Math.max(0, read(skipped, 0, (int) Math.min(n, skipped.length)));
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
