package dev.kiln.snapshotter.layer;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** Opens compressed streams by their first bytes. */
public final class Decompressor {
  private static final int BUFFER_BYTES = 128 * 1024;
  private static final byte[] GZIP_MAGIC = {0x1f, (byte) 0x8b, 8};
  private static final byte[] ZSTD_MAGIC = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};

  private Decompressor() {}

  /** How a stream that starts with these bytes is compressed. */
  public static Compression detect(byte[] start) {
    if (startsWith(start, GZIP_MAGIC)) {
      return Compression.GZIP;
    }
    // zstd data may begin with a skippable frame (RFC 8878, 3.1.2), as zstd:chunked does.
    boolean skippable =
        start.length >= 4
            && (start[0] & 0xF0) == 0x50
            && start[1] == 0x2a
            && start[2] == 0x4d
            && start[3] == 0x18;
    return skippable || startsWith(start, ZSTD_MAGIC) ? Compression.ZSTD : Compression.UNCOMPRESSED;
  }

  private static boolean startsWith(byte[] bytes, byte[] magic) {
    return bytes.length >= magic.length
        && java.util.Arrays.equals(bytes, 0, magic.length, magic, 0, magic.length);
  }

  /** The uncompressed content of a stream, whose closing closes the one below. */
  public static InputStream open(InputStream in) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(in, BUFFER_BYTES);
    buffered.mark(8);
    byte[] start = buffered.readNBytes(4);
    buffered.reset();
    return switch (detect(start)) {
      case GZIP, ESTARGZ -> new GZIPInputStream(buffered, BUFFER_BYTES);
      case ZSTD -> new ZstdInputStream(buffered);
      case UNCOMPRESSED -> buffered;
    };
  }
}
