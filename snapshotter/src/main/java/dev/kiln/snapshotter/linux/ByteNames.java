package dev.kiln.snapshotter.linux;

import java.nio.charset.StandardCharsets;

/**
 * File names between Linux (any bytes but NUL and slash) and Java strings.
 *
 * <p>Valid UTF-8 becomes ordinary text. A byte that is not part of valid UTF-8 becomes the lone
 * surrogate U+DC00 + byte (as Python's "surrogateescape" does), so that every name survives the way
 * there and back. Strings from {@link java.nio.file.Path#toString()} are accepted wherever this
 * package takes a path, provided the JVM runs in a UTF-8 locale.
 */
public final class ByteNames {
  private static final int ESCAPE_FIRST = 0xDC80;
  private static final int ESCAPE_LAST = 0xDCFF;

  private ByteNames() {}

  /** The bytes of a name, without a terminating NUL. */
  public static byte[] encode(String name) {
    int n = name.length();
    boolean ascii = true;
    boolean escaped = false;
    for (int i = 0; i < n; i++) {
      char c = name.charAt(i);
      ascii &= c < 0x80;
      escaped |= c >= ESCAPE_FIRST && c <= ESCAPE_LAST && isLone(name, i);
    }
    if (ascii) {
      return name.getBytes(StandardCharsets.ISO_8859_1);
    }
    if (!escaped) {
      return name.getBytes(StandardCharsets.UTF_8);
    }
    return encodeEscaped(name);
  }

  private static boolean isLone(String name, int i) {
    return i == 0 || !Character.isHighSurrogate(name.charAt(i - 1));
  }

  private static byte[] encodeEscaped(String name) {
    var out = new java.io.ByteArrayOutputStream(name.length() + 16);
    int from = 0;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c >= ESCAPE_FIRST && c <= ESCAPE_LAST && isLone(name, i)) {
        out.writeBytes(name.substring(from, i).getBytes(StandardCharsets.UTF_8));
        out.write(c - 0xDC00);
        from = i + 1;
      }
    }
    out.writeBytes(name.substring(from).getBytes(StandardCharsets.UTF_8));
    return out.toByteArray();
  }

  /** The string for a name's bytes. */
  public static String decode(byte[] bytes) {
    return decode(bytes, 0, bytes.length);
  }

  /** The string for {@code length} bytes of a name. */
  public static String decode(byte[] bytes, int offset, int length) {
    boolean ascii = true;
    for (int i = offset; i < offset + length; i++) {
      ascii &= bytes[i] >= 0;
    }
    if (ascii) {
      return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
    }
    String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
    // U+FFFD is either in the name itself or stands for a bad byte; only then look closer.
    return text.indexOf('\uFFFD') < 0 ? text : decodeEscaped(bytes, offset, length);
  }

  private static String decodeEscaped(byte[] bytes, int offset, int length) {
    StringBuilder out = new StringBuilder(length);
    int end = offset + length;
    for (int i = offset; i < end; ) {
      int size = sequenceLength(bytes, i, end);
      if (size == 0) {
        out.append((char) (0xDC00 + (bytes[i] & 0xFF)));
        i++;
      } else {
        out.append(new String(bytes, i, size, StandardCharsets.UTF_8));
        i += size;
      }
    }
    return out.toString();
  }

  /** The length of the valid UTF-8 sequence at {@code i}, or 0. */
  private static int sequenceLength(byte[] b, int i, int end) {
    int lead = b[i] & 0xFF;
    int size =
        lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
    if (size == 0 || i + size > end) {
      return 0;
    }
    for (int k = 1; k < size; k++) {
      if ((b[i + k] & 0xC0) != 0x80) {
        return 0;
      }
    }
    if (size == 1) {
      return 1;
    }
    int second = b[i + 1] & 0xFF;
    boolean bad =
        (lead == 0xE0 && second < 0xA0)
            || (lead == 0xED && second > 0x9F)
            || (lead == 0xF0 && second < 0x90)
            || (lead == 0xF4 && second > 0x8F);
    return bad ? 0 : size;
  }

  /** Compares two names by their bytes, the order in which Kiln walks directories. */
  public static int compare(String a, String b) {
    int n = Math.min(a.length(), b.length());
    for (int i = 0; i < n; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        if (x < 0x80 && y < 0x80) {
          return x - y;
        }
        return java.util.Arrays.compareUnsigned(encode(a), encode(b));
      }
    }
    return a.length() - b.length();
  }
}
