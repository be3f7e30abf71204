package dev.kiln.daemon.config;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values in the spelling that Go programs read, which BuildKit's users write. */
final class GoTexts {
  private static final Pattern DURATION =
      Pattern.compile("[-+]?(?:\\d+(?:\\.\\d*)?(?:ns|us|µs|μs|ms|s|m|h))+");
  private static final Pattern DURATION_PART =
      Pattern.compile("(\\d+(?:\\.\\d*)?)(ns|us|µs|μs|ms|s|m|h)");
  private static final Map<String, Long> NANOS =
      Map.of(
          "ns", 1L,
          "us", 1_000L,
          "µs", 1_000L,
          "μs", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "h", 3_600_000_000_000L);

  private GoTexts() {}

  /**
   * {@code true}, {@code T}, {@code 1} and their like.
   *
   * @throws IllegalArgumentException for other texts
   */
  static boolean bool(String text) {
    return switch (text) {
      case "1", "t", "T", "TRUE", "true", "True" -> true;
      case "0", "f", "F", "FALSE", "false", "False" -> false;
      default -> throw new IllegalArgumentException("invalid boolean " + text);
    };
  }

  /**
   * {@code 1h30m}, {@code 500ms}, or a whole number of seconds.
   *
   * @throws IllegalArgumentException for other texts
   */
  static Duration duration(String text) {
    if (text.isEmpty() || text.equals("0")) {
      return Duration.ZERO;
    }
    if (text.matches("[-+]?\\d{1,18}")) {
      return Duration.ofSeconds(Long.parseLong(text));
    }
    if (!DURATION.matcher(text).matches()) {
      throw new IllegalArgumentException("invalid duration " + text);
    }
    BigDecimal nanos = BigDecimal.ZERO;
    Matcher parts = DURATION_PART.matcher(text);
    while (parts.find()) {
      BigDecimal unit = BigDecimal.valueOf(NANOS.getOrDefault(parts.group(2), 1L));
      nanos = nanos.add(new BigDecimal(parts.group(1)).multiply(unit));
    }
    Duration length = Duration.ofNanos(nanos.setScale(0, RoundingMode.DOWN).longValue());
    return text.startsWith("-") ? length.negated() : length;
  }
}
