package dev.kiln.dockerfile.convert;

import java.math.BigDecimal;
import java.time.Duration;

/** Durations in the form that Go prints, such as {@code 1m30s}. */
final class GoDuration {

  private static final long NANOS_PER_MICRO = 1_000;
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private GoDuration() {}

  static String format(Duration duration) {
    long nanos = duration.toNanos();
    if (nanos == 0) {
      return "0s";
    }
    if (nanos < 0) {
      return "-" + format(duration.negated());
    }
    if (nanos < NANOS_PER_MICRO) {
      return nanos + "ns";
    }
    if (nanos < NANOS_PER_MILLI) {
      return decimal(nanos, NANOS_PER_MICRO) + "µs";
    }
    if (nanos < NANOS_PER_SECOND) {
      return decimal(nanos, NANOS_PER_MILLI) + "ms";
    }
    long minutes = nanos / (60 * NANOS_PER_SECOND);
    String seconds = decimal(nanos % (60 * NANOS_PER_SECOND), NANOS_PER_SECOND) + "s";
    if (minutes == 0) {
      return seconds;
    }
    long hours = minutes / 60;
    return (hours == 0 ? "" : hours + "h") + minutes % 60 + "m" + seconds;
  }

  private static String decimal(long nanos, long unit) {
    BigDecimal value = BigDecimal.valueOf(nanos).divide(BigDecimal.valueOf(unit));
    return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
  }
}
