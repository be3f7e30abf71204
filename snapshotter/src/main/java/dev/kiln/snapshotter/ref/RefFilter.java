package dev.kiln.snapshotter.ref;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * containerd's filter grammar over usage records: terms joined by commas must all hold; {@code
 * field}, {@code field==value}, {@code field!=value}, {@code field~=regexp}; values may be quoted.
 */
final class RefFilter {
  private static final Pattern TERM =
      Pattern.compile(
          "\\s*([A-Za-z][A-Za-z0-9_.\"]*)\\s*"
              + "(?:(==|!=|~=)\\s*(\"(?:[^\"\\\\]|\\\\.)*\"|/(?:[^/\\\\]|\\\\.)*/|[^,\"]*))?");

  private RefFilter() {}

  /**
   * A predicate that holds when one of the filters does, or when there are none.
   *
   * @throws IllegalArgumentException for a filter that cannot be parsed
   */
  static Predicate<UsageRecord> parse(List<String> filters) {
    List<Predicate<UsageRecord>> any = new ArrayList<>();
    for (String filter : filters) {
      any.add(parseOne(filter));
    }
    return any.isEmpty() ? r -> true : r -> any.stream().anyMatch(f -> f.test(r));
  }

  private static Predicate<UsageRecord> parseOne(String filter) {
    Predicate<UsageRecord> all = r -> true;
    if (filter.isBlank()) {
      return all;
    }
    var matcher = TERM.matcher(filter);
    int at = 0;
    while (true) {
      matcher.region(at, filter.length());
      if (!matcher.lookingAt()) {
        throw malformed(filter, at);
      }
      all = all.and(term(filter, matcher.group(1), matcher.group(2), matcher.group(3)));
      at = matcher.end();
      if (at == filter.length()) {
        return all;
      }
      if (filter.charAt(at) != ',') {
        throw malformed(filter, at);
      }
      at++;
    }
  }

  private static IllegalArgumentException malformed(String filter, int at) {
    return new IllegalArgumentException(
        "could not parse filter \""
            + filter
            + "\" at position "
            + (at + 1)
            + "; write field==value, field!=value, field~=regexp or field, joined by commas");
  }

  private static Predicate<UsageRecord> term(
      String filter, String field, String operator, String raw) {
    if (operator == null) {
      return r -> !value(r, field).isEmpty();
    }
    String value = unquote(raw);
    return switch (operator) {
      case "==" -> r -> value(r, field).equals(value);
      case "!=" -> r -> !value(r, field).equals(value);
      default -> {
        try {
          Pattern pattern = Pattern.compile(value);
          yield r -> pattern.matcher(value(r, field)).find();
        } catch (PatternSyntaxException e) {
          throw new IllegalArgumentException(
              "could not parse filter \"" + filter + "\": " + e.getDescription(), e);
        }
      }
    };
  }

  private static String unquote(String raw) {
    String text = raw.strip();
    boolean quoted =
        text.length() >= 2
            && text.charAt(0) == text.charAt(text.length() - 1)
            && (text.charAt(0) == '"' || text.charAt(0) == '/');
    if (!quoted) {
      return text;
    }
    String inner = text.substring(1, text.length() - 1);
    return text.charAt(0) == '"' ? inner.replaceAll("\\\\(.)", "$1") : inner.replace("\\/", "/");
  }

  /** The fields of control.md; flags are "true" or absent. */
  private static String value(UsageRecord r, String field) {
    return switch (field) {
      case "id" -> r.id();
      case "parents" -> String.join(";", r.parents());
      case "description" -> r.description();
      case "type" -> r.recordType().text();
      case "inuse" -> flag(r.inUse());
      case "mutable" -> flag(r.mutable());
      case "immutable" -> flag(!r.mutable());
      case "shared" -> flag(r.shared());
      case "private" -> flag(!r.shared());
      default -> "";
    };
  }

  private static String flag(boolean set) {
    return set ? "true" : "";
  }
}
