package dev.kiln.cli.progress;

import dev.kiln.wire.control.VertexStatus;
import java.util.Locale;

/** Sizes as people read them, in powers of 1000. */
public final class Bytes {
  private static final String[] UNITS = {"kB", "MB", "GB", "TB", "PB"};

  private Bytes() {}

  /** {@code 2B}, {@code 1.50kB}, {@code 3.21MB}. */
  public static String text(long bytes) {
    if (Math.abs(bytes) < 1000) {
      return bytes + "B";
    }
    double value = bytes;
    int unit = -1;
    while (Math.abs(value) >= 1000 && unit < UNITS.length - 1) {
      value /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, "%.2f%s", value, UNITS[unit]);
  }

  /** How far a part of a step is, or nothing. */
  static String of(VertexStatus status) {
    if (status.getTotal() != 0) {
      return text(status.getCurrent()) + " / " + text(status.getTotal());
    }
    return status.getCurrent() != 0 ? text(status.getCurrent()) : "";
  }
}
