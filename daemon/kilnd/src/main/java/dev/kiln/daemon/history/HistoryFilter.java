package dev.kiln.daemon.history;

import com.google.protobuf.Timestamp;
import dev.kiln.wire.control.BuildHistoryRecord;
import io.grpc.Status;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Filters over records: terms joined by commas must all hold, list elements are alternatives
 * (control.md, section 8). Stateless.
 */
final class HistoryFilter {
  private static final Pattern TERM =
      Pattern.compile("\\s*(\\w+)\\s*(==|!=|~=|>=|<=|>|<)\\s*\"?([^\"]*)\"?\\s*");
  private static final Pattern DURATION_PART =
      Pattern.compile("(\\d+(?:\\.\\d+)?)(ns|us|ms|s|m|h)");

  private HistoryFilter() {}

  /** The records that pass, the newest first when there is a limit. */
  static List<BuildHistoryRecord> select(
      List<BuildHistoryRecord> records, List<String> filters, int limit, Clock clock) {
    if (limit < 0) {
      throw invalid("limit " + limit + " is negative");
    }
    Stream<BuildHistoryRecord> passing =
        records.stream().filter(record -> matchesAny(record, filters, clock.instant()));
    if (limit > 0) {
      passing =
          passing
              .sorted(
                  Comparator.comparing((BuildHistoryRecord r) -> instant(r.getCreatedAt()))
                      .reversed())
              .limit(limit);
    }
    return passing.toList();
  }

  private static boolean matchesAny(BuildHistoryRecord record, List<String> filters, Instant now) {
    return filters.isEmpty()
        || filters.stream()
            .anyMatch(
                filter ->
                    Stream.of(filter.split(",")).allMatch(term -> matches(record, term, now)));
  }

  private static boolean matches(BuildHistoryRecord record, String term, Instant now) {
    Matcher matcher = TERM.matcher(term);
    if (!matcher.matches()) {
      throw invalid("invalid filter term " + term);
    }
    String operator = matcher.group(2);
    String value = matcher.group(3);
    return switch (matcher.group(1)) {
      case "ref" -> text(record.getRef(), operator, value);
      case "status" -> text(status(record), operator, value);
      case "repository" ->
          text(record.getFrontendAttrsOrDefault("vcs:source", ""), operator, value);
      case "startedAt" ->
          order(instant(record.getCreatedAt()).compareTo(time(value, now)), operator, term);
      case "completedAt" ->
          order(instant(record.getCompletedAt()).compareTo(time(value, now)), operator, term);
      case "duration" ->
          order(
              Duration.between(instant(record.getCreatedAt()), instant(record.getCompletedAt()))
                  .compareTo(duration(value)),
              operator,
              term);
      default -> throw invalid("unsupported filter field " + matcher.group(1));
    };
  }

  private static String status(BuildHistoryRecord record) {
    if (!record.hasError()) {
      return record.hasCompletedAt() ? "completed" : "running";
    }
    return record.getError().getMessage().contains("context canceled") ? "canceled" : "error";
  }

  private static boolean text(String actual, String operator, String value) {
    return switch (operator) {
      case "==" -> actual.equals(value);
      case "!=" -> !actual.equals(value);
      case "~=" -> Pattern.compile(value).matcher(actual).find();
      default -> throw invalid("operator " + operator + " does not fit a text");
    };
  }

  private static boolean order(int comparison, String operator, String term) {
    return switch (operator) {
      case ">" -> comparison > 0;
      case ">=" -> comparison >= 0;
      case "<" -> comparison < 0;
      case "<=" -> comparison <= 0;
      default -> throw invalid("operator " + operator + " does not fit in " + term);
    };
  }

  private static Instant time(String value, Instant now) {
    try {
      return OffsetDateTime.parse(value).toInstant();
    } catch (DateTimeParseException e) {
      return now.minus(duration(value));
    }
  }

  private static Duration duration(String value) {
    Matcher matcher = DURATION_PART.matcher(value);
    Duration total = Duration.ZERO;
    int end = 0;
    while (matcher.find() && matcher.start() == end) {
      double number = Double.parseDouble(matcher.group(1));
      double unit =
          switch (matcher.group(2)) {
            case "ns" -> 1;
            case "us" -> 1e3;
            case "ms" -> 1e6;
            case "s" -> 1e9;
            case "m" -> 60e9;
            default -> 3600e9;
          };
      total = total.plusNanos((long) (number * unit));
      end = matcher.end();
    }
    if (end == 0 || end != value.length()) {
      throw invalid("invalid time or duration " + value);
    }
    return total;
  }

  private static Instant instant(Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }

  private static RuntimeException invalid(String why) {
    return Status.INVALID_ARGUMENT.withDescription(why).asRuntimeException();
  }
}
