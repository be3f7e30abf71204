package dev.kiln.registry.client;

import dev.kiln.snapshotter.content.BlobMismatchException;
import dev.kiln.snapshotter.content.Digest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/**
 * Passes bytes on and compares their digest at the end; a reader that meets the end has the right
 * bytes.
 */
final class VerifiedStream extends FilterInputStream {
  private final Digest expected;
  private final MessageDigest hash;
  private boolean checked;

  VerifiedStream(InputStream in, Digest expected) {
    super(in);
    this.expected = expected;
    this.hash = Digest.newHash(expected.algorithm());
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    int count = read(one, 0, 1);
    return count < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int count = super.read(buffer, offset, length);
    if (count > 0) {
      hash.update(buffer, offset, count);
    } else if (count < 0 && !checked) {
      checked = true;
      Digest actual = Digest.finish(expected.algorithm(), hash);
      if (!actual.equals(expected)) {
        throw new BlobMismatchException(
            "unexpected digest of content: got " + actual + ", expected " + expected);
      }
    }
    return count;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  @Override
  public long skip(long count) throws IOException {
    return readNBytes((int) Math.min(count, 1 << 16)).length;
  }
}
