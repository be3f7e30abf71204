package dev.kiln.dockerfile.text;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations in Go's notation: {@code 1h30m}, {@code 1.5s}, {@code 300ms}. */
public final class DurationText {

  private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)([^0-9.]*)");

  private DurationText() {}

  /**
   * Reads a duration, precise to the nanosecond.
   *
   * @throws IllegalArgumentException if the text is not a duration, or one of more than 292 years
   */
  public static Duration parse(String text) {
    boolean signed = text.startsWith("-") || text.startsWith("+");
    String parts = signed ? text.substring(1) : text;
    if (parts.equals("0")) {
      return Duration.ZERO;
    }
    BigDecimal nanos = BigDecimal.ZERO;
    Matcher part = PART.matcher(parts);
    int end = 0;
    while (end < parts.length()) {
      if (!part.find(end) || part.start() != end) {
        throw invalid(text);
      }
      nanos = nanos.add(nanosOf(part, text));
      end = part.end();
    }
    if (parts.isEmpty() || nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw invalid(text);
    }
    Duration size = Duration.ofNanos(nanos.longValue());
    return text.startsWith("-") ? size.negated() : size;
  }

  private static BigDecimal nanosOf(Matcher part, String text) {
    String unit = part.group(2);
    long nanosPerUnit =
        switch (unit) {
          case "ns" -> 1L;
          case "us", "\u00b5s", "\u03bcs" -> 1_000L;
          case "ms" -> 1_000_000L;
          case "s" -> 1_000_000_000L;
          case "m" -> 60_000_000_000L;
          case "h" -> 3_600_000_000_000L;
          case "" ->
              throw new IllegalArgumentException(
                  "time: missing unit in duration " + Quoted.quoted(text));
          default ->
              throw new IllegalArgumentException(
                  "time: unknown unit "
                      + Quoted.quoted(unit)
                      + " in duration "
                      + Quoted.quoted(text));
        };
    return new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(nanosPerUnit));
  }

  private static IllegalArgumentException invalid(String text) {
    return new IllegalArgumentException("time: invalid duration " + Quoted.quoted(text));
  }
}
