package dev.kiln.daemon.source;

import dev.kiln.snapshotter.content.Digest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Bytes that must have a digest; reading their end fails when they have not. Not thread-safe. */
final class VerifiedInput extends FilterInputStream {
  private final Digest expected;
  private final MessageDigest actual;

  VerifiedInput(InputStream in, Digest expected) throws IOException {
    super(in);
    this.expected = expected;
    try {
      String algorithm = expected.algorithm().replace("sha", "SHA-");
      actual = MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IOException("could not verify " + expected + ": unknown algorithm", e);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int count = super.read(target, offset, length);
    if (count > 0) {
      actual.update(target, offset, count);
    }
    if (count < 0) {
      String got = expected.algorithm() + ":" + HexFormat.of().formatHex(actual.digest());
      if (!got.equals(expected.text())) {
        throw new IOException("expected checksum to match " + expected + ", got " + got);
      }
    }
    return count;
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
