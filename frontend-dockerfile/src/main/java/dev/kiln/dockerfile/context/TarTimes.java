package dev.kiln.dockerfile.context;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** Reads times out of tar archives, plain or compressed with gzip. */
final class TarTimes {

  private static final int BLOCK_BYTES = 512;
  private static final int SIZE_AT = 124;
  private static final int TIME_AT = 136;
  private static final int NUMBER_BYTES = 12;
  private static final int TYPE_AT = 156;

  private TarTimes() {}

  /** The latest time of a regular file; empty if the bytes are no archive or hold none. */
  static Optional<Instant> newest(byte[] archive) {
    boolean gzip = archive.length > 2 && archive[0] == 0x1f && archive[1] == (byte) 0x8b;
    try (InputStream bytes = new ByteArrayInputStream(archive);
        InputStream plain = gzip ? new GZIPInputStream(bytes) : bytes) {
      return newest(plain);
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Optional<Instant> newest(InputStream in) throws IOException {
    long latest = -1;
    byte[] header = in.readNBytes(BLOCK_BYTES);
    if (!Archives.isArchive(header)) {
      return Optional.empty();
    }
    while (header.length == BLOCK_BYTES && header[0] != 0) {
      long size = octal(header, SIZE_AT);
      byte type = header[TYPE_AT];
      if (type == '0' || type == 0) {
        latest = Math.max(latest, octal(header, TIME_AT));
      }
      in.skipNBytes((size + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES);
      header = in.readNBytes(BLOCK_BYTES);
    }
    return latest < 0 ? Optional.empty() : Optional.of(Instant.ofEpochSecond(latest));
  }

  private static long octal(byte[] header, int offset) {
    String digits =
        new String(header, offset, NUMBER_BYTES, StandardCharsets.ISO_8859_1)
            .replace('\0', ' ')
            .strip();
    return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
  }
}
