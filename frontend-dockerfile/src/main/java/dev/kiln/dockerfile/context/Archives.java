package dev.kiln.dockerfile.context;

import java.nio.charset.StandardCharsets;

/** Tells archives from other files by their first bytes. */
final class Archives {

  private static final byte[][] COMPRESSED = {
    {0x42, 0x5a, 0x68}, // bzip2
    {0x1f, (byte) 0x8b, 0x08}, // gzip
    {(byte) 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00}, // xz
  };
  private static final int TAR_HEADER_BYTES = 512;
  private static final int CHECKSUM_AT = 148;
  private static final int CHECKSUM_BYTES = 8;

  private Archives() {}

  /** True for a tar archive, plain or compressed. */
  static boolean isArchive(byte[] start) {
    for (byte[] magic : COMPRESSED) {
      if (startsWith(start, magic)) {
        return true;
      }
    }
    return isTarHeader(start);
  }

  private static boolean startsWith(byte[] bytes, byte[] prefix) {
    return bytes.length >= prefix.length
        && java.util.Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
  }

  /** A header is known by its checksum, in which the checksum's own bytes count as blanks. */
  private static boolean isTarHeader(byte[] bytes) {
    if (bytes.length < TAR_HEADER_BYTES) {
      return false;
    }
    int sum = 0;
    int signedSum = 0;
    for (int i = 0; i < TAR_HEADER_BYTES; i++) {
      boolean own = i >= CHECKSUM_AT && i < CHECKSUM_AT + CHECKSUM_BYTES;
      sum += own ? ' ' : bytes[i] & 0xff;
      signedSum += own ? ' ' : bytes[i];
    }
    String field =
        new String(bytes, CHECKSUM_AT, CHECKSUM_BYTES, StandardCharsets.ISO_8859_1)
            .replace('\0', ' ')
            .strip();
    try {
      int stored = Integer.parseInt(field, 8);
      return stored == sum || stored == signedSum;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
