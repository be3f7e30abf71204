package dev.kiln.snapshotter.layer;

import dev.kiln.snapshotter.linux.ByteNames;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads tar streams of the kinds that layers come in: old (v7), ustar, pax, and GNU with long names
 * and base-256 numbers. Sparse files are refused. Not thread-safe.
 */
final class TarReader {
  private static final int BLOCK = TarWriter.BLOCK;
  private static final int MAX_EXTENDED_BYTES = 8 << 20;
  private static final int UNKNOWN_DEVICE = 0;

  private final InputStream in;
  private final byte[] header = new byte[BLOCK];
  private long left;
  private int padding;

  TarReader(InputStream in) {
    this.in = in;
  }

  /** The next entry, or null at the end. Content of the former entry is skipped. */
  @Nullable TarEntry next() throws IOException {
    Map<String, byte[]> extended = new HashMap<>();
    while (true) {
      in.skipNBytes(left + padding);
      left = 0;
      padding = 0;
      if (!readHeader()) {
        return null;
      }
      long size = number(124, 12);
      char flag = (char) (header[156] & 0xFF);
      switch (flag) {
        case 'x' -> parseExtended(body(size), extended);
        case 'g' -> body(size);
        case 'L' -> extended.put("path", untilNul(body(size)));
        case 'K' -> extended.put("linkpath", untilNul(body(size)));
        default -> {
          return entry(flag, size, extended);
        }
      }
    }
  }

  private boolean readHeader() throws IOException {
    int n = in.readNBytes(header, 0, BLOCK);
    if (n == 0) {
      return false;
    }
    if (n < BLOCK) {
      throw new EOFException("could not read layer: the tar ends within a header");
    }
    if (isZero()) {
      return false;
    }
    int sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xFF;
    }
    if (sum != number(148, 8)) {
      throw new IOException("could not read layer: invalid tar header (wrong checksum)");
    }
    return true;
  }

  private boolean isZero() {
    for (byte b : header) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private byte[] body(long size) throws IOException {
    if (size < 0 || size > MAX_EXTENDED_BYTES) {
      throw new IOException("could not read layer: extended tar header of " + size + " bytes");
    }
    byte[] bytes = in.readNBytes((int) size);
    if (bytes.length < size) {
      throw new EOFException("could not read layer: the tar ends within an extended header");
    }
    in.skipNBytes(-size & (BLOCK - 1));
    return bytes;
  }

  private static byte[] untilNul(byte[] bytes) {
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return Arrays.copyOf(bytes, end);
  }

  private static void parseExtended(byte[] body, Map<String, byte[]> records) throws IOException {
    int at = 0;
    while (at < body.length) {
      int space = at;
      while (space < body.length && body[space] != ' ') {
        space++;
      }
      int length;
      try {
        length = Integer.parseInt(new String(body, at, space - at, StandardCharsets.US_ASCII));
      } catch (NumberFormatException e) {
        throw new IOException("could not read layer: malformed pax record", e);
      }
      int end = at + length;
      if (length < 5 || end > body.length || body[end - 1] != '\n') {
        throw new IOException("could not read layer: malformed pax record");
      }
      int equals = space + 1;
      while (equals < end && body[equals] != '=') {
        equals++;
      }
      String key = ByteNames.decode(body, space + 1, equals - space - 1);
      records.put(key, Arrays.copyOfRange(body, Math.min(equals + 1, end - 1), end - 1));
      at = end;
    }
  }

  private TarEntry entry(char flag, long headerSize, Map<String, byte[]> extended)
      throws IOException {
    if (flag == 'S' || extended.keySet().stream().anyMatch(k -> k.startsWith("GNU.sparse."))) {
      throw new IOException("could not read layer: sparse tar entries are not supported");
    }
    String name = text(extended, "path", this::name);
    TarEntry.Type type = type(flag, name);
    long size = extendedNumber(extended, "size", headerSize);
    if (size < 0) {
      throw new IOException("could not read layer: negative size of " + name);
    }
    // Links may carry the size of their file, yet no content follows.
    long content = type == TarEntry.Type.FILE ? size : 0;
    left = content;
    padding = (int) (-content & (BLOCK - 1));
    long[] mtime = mtime(extended);
    boolean device = type == TarEntry.Type.CHARACTER_DEVICE || type == TarEntry.Type.BLOCK_DEVICE;
    return new TarEntry(
        name,
        type,
        (int) (number(100, 8) & 07777),
        extendedNumber(extended, "uid", number(108, 8)),
        extendedNumber(extended, "gid", number(116, 8)),
        content,
        mtime[0],
        (int) mtime[1],
        text(extended, "linkpath", () -> field(157, 100)),
        device ? (int) number(329, 8) : UNKNOWN_DEVICE,
        device ? (int) number(337, 8) : UNKNOWN_DEVICE,
        xattrs(extended));
  }

  private static TarEntry.Type type(char flag, String name) throws IOException {
    if (flag == 0 || flag == '7') {
      return name.endsWith("/") && flag == 0 ? TarEntry.Type.DIRECTORY : TarEntry.Type.FILE;
    }
    for (TarEntry.Type type : TarEntry.Type.values()) {
      if (type.flag == flag) {
        return type == TarEntry.Type.FILE && name.endsWith("/") ? TarEntry.Type.DIRECTORY : type;
      }
    }
    throw new IOException(
        "could not read layer: unhandled tar header type '" + flag + "' of " + name);
  }

  private interface Fallback {
    String get();
  }

  private static String text(Map<String, byte[]> extended, String key, Fallback fallback) {
    byte[] value = extended.get(key);
    return value == null || value.length == 0 ? fallback.get() : ByteNames.decode(value);
  }

  private static long extendedNumber(Map<String, byte[]> extended, String key, long fallback)
      throws IOException {
    byte[] value = extended.get(key);
    if (value == null || value.length == 0) {
      return fallback;
    }
    try {
      return Long.parseLong(new String(value, StandardCharsets.US_ASCII));
    } catch (NumberFormatException e) {
      throw new IOException("could not read layer: malformed pax record " + key, e);
    }
  }

  /** Seconds and nanoseconds; pax times are decimal fractions that may be negative. */
  private long[] mtime(Map<String, byte[]> extended) throws IOException {
    byte[] value = extended.get("mtime");
    if (value == null || value.length == 0) {
      return new long[] {number(136, 12), 0};
    }
    try {
      var exact = new java.math.BigDecimal(new String(value, StandardCharsets.US_ASCII));
      var seconds = exact.setScale(0, java.math.RoundingMode.FLOOR);
      long nanos = exact.subtract(seconds).movePointRight(9).longValue();
      return new long[] {seconds.longValueExact(), nanos};
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IOException("could not read layer: malformed pax time", e);
    }
  }

  private static Map<String, byte[]> xattrs(Map<String, byte[]> extended) {
    Map<String, byte[]> found = new HashMap<>();
    extended.forEach(
        (key, value) -> {
          if (key.startsWith(TarWriter.XATTR_KEY)) {
            found.put(key.substring(TarWriter.XATTR_KEY.length()), value);
          }
        });
    return found;
  }

  private String name() {
    String name = field(0, 100);
    boolean posix = new String(header, 257, 6, StandardCharsets.ISO_8859_1).equals("ustar\0");
    String prefix = posix ? field(345, 155) : "";
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  private String field(int at, int max) {
    int end = at;
    while (end < at + max && header[end] != 0) {
      end++;
    }
    return ByteNames.decode(header, at, end - at);
  }

  /** Octal digits, or GNU's base-256 when the top bit is set. */
  private long number(int at, int width) throws IOException {
    if ((header[at] & 0x80) != 0) {
      // The first byte holds the flag and, for negative numbers, the sign.
      long value = (header[at] & 0x40) != 0 ? -1 : 0;
      value = (value << 6) | (header[at] & 0x3F);
      for (int i = at + 1; i < at + width; i++) {
        value = (value << 8) | (header[i] & 0xFF);
      }
      return value;
    }
    String digits = field(at, width).strip();
    if (digits.isEmpty()) {
      return 0;
    }
    try {
      return Long.parseLong(digits, 8);
    } catch (NumberFormatException e) {
      throw new IOException("could not read layer: invalid number in tar header", e);
    }
  }

  /** Reads content of the current entry; -1 at its end. */
  int read(byte[] buffer, int offset, int length) throws IOException {
    if (left == 0) {
      return -1;
    }
    int n = in.read(buffer, offset, (int) Math.min(left, length));
    if (n < 0) {
      throw new EOFException("could not read layer: the tar ends within a file");
    }
    left -= n;
    return n;
  }
}
