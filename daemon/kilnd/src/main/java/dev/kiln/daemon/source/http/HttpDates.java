package dev.kiln.daemon.source.http;

import java.text.ParsePosition;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Dates of HTTP headers in the three forms that RFC 9110, section 5.6.7 has. Stateless. */
final class HttpDates {
  private static final DateTimeFormatter PREFERRED =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT);
  private static final int FIRST_SHORT_YEAR = 1969;

  private static final List<DateTimeFormatter> FORMS =
      List.of(
          PREFERRED,
          new DateTimeFormatterBuilder()
              .appendPattern("EEEE, dd-MMM-")
              .appendValueReduced(ChronoField.YEAR, 2, 2, FIRST_SHORT_YEAR)
              .appendPattern(" HH:mm:ss zzz")
              .toFormatter(Locale.ENGLISH),
          DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH));

  private HttpDates() {}

  /** Reads a date; null when there is none or it is malformed. */
  static @Nullable Instant parse(@Nullable String text) {
    if (text == null) {
      return null;
    }
    for (DateTimeFormatter form : FORMS) {
      ParsePosition at = new ParsePosition(0);
      TemporalAccessor read = form.parseUnresolved(text, at);
      if (read != null && at.getErrorIndex() < 0 && at.getIndex() == text.length()) {
        return resolved(text, form);
      }
    }
    return null;
  }

  private static @Nullable Instant resolved(String text, DateTimeFormatter form) {
    try {
      return LocalDateTime.parse(text, form).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** Writes the preferred form. */
  static String format(Instant time) {
    return PREFERRED.format(time.atOffset(ZoneOffset.UTC));
  }
}
