package dev.kiln.snapshotter.layer;

import dev.kiln.snapshotter.linux.ByteNames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes POSIX (pax) tar: plain ustar headers, with an extended header only for what does not fit
 * them (pax, "Extended Header"). Times are whole seconds. The bytes depend on nothing but the
 * entries. Not thread-safe.
 */
final class TarWriter {
  static final int BLOCK = 512;
  static final String XATTR_KEY = "SCHILY.xattr.";
  private static final int NAME_BYTES = 100;
  private static final long MAX_OCTAL_7 = 07777777L;
  private static final long MAX_OCTAL_11 = 077777777777L;

  private final OutputStream out;
  private final byte[] header = new byte[BLOCK];
  private long pending;
  private int padding;

  TarWriter(OutputStream out) {
    this.out = out;
  }

  /** Writes a header; then exactly {@code entry.size()} bytes must follow by {@link #write}. */
  void begin(TarEntry entry) throws IOException {
    if (pending != 0) {
      throw new IllegalStateException(pending + " bytes of the last entry are missing");
    }
    pad();
    byte[] name = ByteNames.encode(entry.name());
    byte[] link = ByteNames.encode(entry.linkName());
    Map<String, byte[]> extended = extended(entry, name, link);
    if (!extended.isEmpty()) {
      writeExtended(name, extended);
    }
    Arrays.fill(header, (byte) 0);
    text(0, NAME_BYTES, name);
    octal(100, 8, entry.permissions());
    octal(108, 8, fits(entry.uid(), MAX_OCTAL_7));
    octal(116, 8, fits(entry.gid(), MAX_OCTAL_7));
    octal(124, 12, fits(entry.size(), MAX_OCTAL_11));
    octal(136, 12, fits(entry.mtimeSeconds(), MAX_OCTAL_11));
    header[156] = (byte) entry.type().flag;
    text(157, NAME_BYTES, link);
    octal(329, 8, entry.major());
    octal(337, 8, entry.minor());
    finishHeader();
    pending = entry.size();
    padding = (int) (-entry.size() & (BLOCK - 1));
  }

  private static Map<String, byte[]> extended(TarEntry entry, byte[] name, byte[] link) {
    TreeMap<String, byte[]> records = new TreeMap<>();
    if (name.length > NAME_BYTES || !isAscii(name)) {
      records.put("path", name);
    }
    if (link.length > NAME_BYTES || !isAscii(link)) {
      records.put("linkpath", link);
    }
    number(records, "uid", entry.uid(), MAX_OCTAL_7);
    number(records, "gid", entry.gid(), MAX_OCTAL_7);
    number(records, "size", entry.size(), MAX_OCTAL_11);
    number(records, "mtime", entry.mtimeSeconds(), MAX_OCTAL_11);
    entry.xattrs().forEach((key, value) -> records.put(XATTR_KEY + key, value));
    return records;
  }

  private static void number(Map<String, byte[]> records, String key, long value, long max) {
    if (value < 0 || value > max) {
      records.put(key, Long.toString(value).getBytes(StandardCharsets.US_ASCII));
    }
  }

  private static long fits(long value, long max) {
    return value < 0 || value > max ? 0 : value;
  }

  private void writeExtended(byte[] name, Map<String, byte[]> records) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (var record : records.entrySet()) {
      byte[] key = ByteNames.encode(record.getKey());
      int rest = key.length + record.getValue().length + 3;
      int length = rest + digits(rest);
      if (digits(length) != digits(rest)) {
        length = rest + digits(length);
      }
      body.writeBytes((length + " ").getBytes(StandardCharsets.US_ASCII));
      body.writeBytes(key);
      body.write('=');
      body.writeBytes(record.getValue());
      body.write('\n');
    }
    Arrays.fill(header, (byte) 0);
    text(0, NAME_BYTES, extendedName(name));
    octal(100, 8, 0);
    octal(108, 8, 0);
    octal(116, 8, 0);
    octal(124, 12, body.size());
    octal(136, 12, 0);
    header[156] = 'x';
    finishHeader();
    body.writeTo(out);
    padding = -body.size() & (BLOCK - 1);
    pad();
  }

  private static int digits(int number) {
    return Integer.toString(number).length();
  }

  /** {@code dir/PaxHeaders.0/file}, as readers without pax support would see it. */
  private static byte[] extendedName(byte[] name) {
    int end = name.length;
    while (end > 0 && name[end - 1] == '/') {
      end--;
    }
    int slash = end - 1;
    while (slash >= 0 && name[slash] != '/') {
      slash--;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(name, 0, slash + 1);
    out.writeBytes("PaxHeaders.0/".getBytes(StandardCharsets.US_ASCII));
    out.write(name, slash + 1, end - slash - 1);
    byte[] ascii = onlyAscii(out.toByteArray());
    int length = Math.min(ascii.length, NAME_BYTES);
    while (length > 0 && ascii.length > NAME_BYTES && ascii[length - 1] == '/') {
      length--;
    }
    return Arrays.copyOf(ascii, length);
  }

  private static boolean isAscii(byte[] bytes) {
    for (byte b : bytes) {
      if (b < 0) {
        return false;
      }
    }
    return true;
  }

  private static byte[] onlyAscii(byte[] bytes) {
    if (isAscii(bytes)) {
      return bytes;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
    for (byte b : bytes) {
      if (b > 0) {
        out.write(b);
      }
    }
    return out.toByteArray();
  }

  private void text(int at, int max, byte[] value) {
    byte[] ascii = onlyAscii(value);
    System.arraycopy(ascii, 0, header, at, Math.min(max, ascii.length));
    if (ascii.length > max && header[at + max - 1] == '/') {
      // Cut names must not end in a slash: old readers would take a file for a folder.
      int n = max - 1;
      while (n > 0 && header[at + n - 1] == '/') {
        n--;
      }
      header[at + n] = 0;
    }
  }

  private void octal(int at, int width, long value) {
    String digits = Long.toOctalString(value);
    int start = at + width - 1 - digits.length();
    Arrays.fill(header, at, start, (byte) '0');
    for (int i = 0; i < digits.length(); i++) {
      header[start + i] = (byte) digits.charAt(i);
    }
    header[at + width - 1] = 0;
  }

  private void finishHeader() throws IOException {
    byte[] magic = {'u', 's', 't', 'a', 'r', 0, '0', '0'};
    System.arraycopy(magic, 0, header, 257, magic.length);
    Arrays.fill(header, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xFF;
    }
    octal(148, 7, sum);
    header[155] = ' ';
    out.write(header);
  }

  /** Writes content of the entry that was begun. */
  void write(byte[] bytes, int offset, int length) throws IOException {
    if (length > pending) {
      throw new IllegalStateException("more content than the header says");
    }
    out.write(bytes, offset, length);
    pending -= length;
  }

  private void pad() throws IOException {
    if (padding > 0) {
      out.write(new byte[padding]);
      padding = 0;
    }
  }

  /** Writes the end mark; the stream below stays open. */
  void finish() throws IOException {
    if (pending != 0) {
      throw new IllegalStateException(pending + " bytes of the last entry are missing");
    }
    pad();
    out.write(new byte[2 * BLOCK]);
    out.flush();
  }
}
