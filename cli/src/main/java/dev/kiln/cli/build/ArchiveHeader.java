package dev.kiln.cli.build;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Tells an archive from a text by its first bytes. */
final class ArchiveHeader {
  /** As many bytes as are looked at. */
  static final int BYTES = 1024;

  private static final int TAR_MAGIC_AT = 257;
  private static final int TAR_CHECKSUM_AT = 148;
  private static final int TAR_HEADER_BYTES = 512;

  /** bzip2, gzip, xz and zstd. */
  private static final List<byte[]> COMPRESSED =
      List.of("425a68", "1f8b08", "fd377a585a00", "28b52ffd").stream()
          .map(HexFormat.of()::parseHex)
          .toList();

  private ArchiveHeader() {}

  /** Whether a tar, plain or compressed, begins like this. */
  static boolean matches(byte[] head) {
    return COMPRESSED.stream().anyMatch(magic -> startsWith(head, 0, magic)) || isTar(head);
  }

  private static boolean isTar(byte[] head) {
    if (head.length < TAR_HEADER_BYTES) {
      return false;
    }
    if (startsWith(head, TAR_MAGIC_AT, new byte[] {'u', 's', 't', 'a', 'r'})) {
      return true;
    }
    // Older tars have no magic, only a sum in which its own field counts as blanks.
    int sum = 0;
    for (int i = 0; i < TAR_HEADER_BYTES; i++) {
      sum += i >= TAR_CHECKSUM_AT && i < TAR_CHECKSUM_AT + 8 ? ' ' : head[i] & 0xff;
    }
    String field = new String(head, TAR_CHECKSUM_AT, 8, java.nio.charset.StandardCharsets.US_ASCII);
    String digits = field.replaceAll("[^0-7]", "");
    return !digits.isEmpty() && Integer.parseInt(digits, 8) == sum;
  }

  private static boolean startsWith(byte[] bytes, int at, byte[] magic) {
    return bytes.length >= at + magic.length
        && Arrays.equals(bytes, at, at + magic.length, magic, 0, magic.length);
  }
}
