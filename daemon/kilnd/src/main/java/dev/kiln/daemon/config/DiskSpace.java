package dev.kiln.daemon.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of disk: a number of bytes, or a share of the disk.
 *
 * @param bytes wins over the share if it is not 0
 * @param percent of the whole disk, from 0 to 100; 0 means that nothing is said
 */
public record DiskSpace(long bytes, long percent) {
  /** Nothing is said. */
  public static final DiskSpace NONE = new DiskSpace(0, 0);

  private static final long UNKNOWN_DISK_BYTES = 2_000_000_000L;
  private static final long GIB = 1L << 30;
  private static final long GB = 1_000_000_000L;
  private static final Pattern SIZE = Pattern.compile("(\\d+(?:\\.\\d+)?) ?([kmgtp]?)i?b?");
  private static final Pattern SHARE = Pattern.compile("(\\d+)%");

  /** So many bytes. */
  public static DiskSpace ofBytes(long bytes) {
    return new DiskSpace(bytes, 0);
  }

  /** Such a share of the disk. */
  public static DiskSpace ofPercent(long percent) {
    return new DiskSpace(0, percent);
  }

  /**
   * Reads {@code 10%}, {@code 512MB}, {@code 1.5 GiB} or a number of bytes. All units are powers of
   * 1024.
   *
   * @throws IllegalArgumentException for other texts
   */
  public static DiskSpace parse(String text) {
    if (text.isEmpty()) {
      return NONE;
    }
    Matcher share = SHARE.matcher(text);
    if (share.matches()) {
      return ofPercent(Long.parseLong(share.group(1)));
    }
    Matcher size = SIZE.matcher(text.toLowerCase(Locale.ROOT));
    if (!size.matches()) {
      throw new IllegalArgumentException("invalid disk space " + text);
    }
    int exponent = size.group(2).isEmpty() ? 0 : "kmgtp".indexOf(size.group(2)) + 1;
    return ofBytes((long) (Double.parseDouble(size.group(1)) * Math.pow(1024, exponent)));
  }

  /** Whether nothing is said. */
  public boolean isUnset() {
    return bytes == 0 && percent == 0;
  }

  /**
   * The amount in bytes; shares are rounded up to whole gigabytes.
   *
   * @param diskBytes the disk's size, or 0 if it is not known
   */
  public long asBytes(long diskBytes) {
    if (bytes != 0 || percent == 0) {
      return bytes;
    }
    if (diskBytes == 0) {
      return UNKNOWN_DISK_BYTES;
    }
    // Divided first where the product would not fit.
    long share =
        diskBytes > Long.MAX_VALUE / 100 ? diskBytes / 100 * percent : diskBytes * percent / 100;
    return (share / GIB + 1) * GB;
  }
}
