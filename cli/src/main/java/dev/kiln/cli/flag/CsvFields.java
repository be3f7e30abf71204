package dev.kiln.cli.flag;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** One line of comma separated values (RFC 4180), as most flags with several parts are written. */
public final class CsvFields {
  private CsvFields() {}

  /**
   * The fields of a line; {@code "a,b"} in quotes is one field, and two quotes in it are one.
   *
   * @throws UsageException if quotes do not match
   */
  public static List<String> of(String line) {
    List<String> fields = new ArrayList<>();
    int at = 0;
    while (at <= line.length()) {
      StringBuilder field = new StringBuilder();
      at = line.startsWith("\"", at) ? quoted(line, at + 1, field) : bare(line, at, field);
      fields.add(field.toString());
      at++;
    }
    return fields;
  }

  private static int bare(String line, int start, StringBuilder field) {
    int comma = line.indexOf(',', start);
    int end = comma < 0 ? line.length() : comma;
    field.append(line, start, end);
    if (field.indexOf("\"") >= 0) {
      throw new UsageException("could not read \"" + line + "\": bare \" in non-quoted-field");
    }
    return end;
  }

  private static int quoted(String line, int start, StringBuilder field) {
    int at = start;
    while (true) {
      int quote = line.indexOf('"', at);
      if (quote < 0) {
        throw new UsageException("could not read \"" + line + "\": a quote is not closed");
      }
      field.append(line, at, quote);
      at = quote + 1;
      if (line.startsWith("\"", at)) {
        field.append('"');
        at++;
      } else if (at == line.length() || line.charAt(at) == ',') {
        return at;
      } else {
        throw new UsageException(
            "could not read \"" + line + "\": extraneous or missing \" in quoted-field");
      }
    }
  }

  /**
   * The fields as pairs, keys in lower case, a later one winning.
   *
   * @throws UsageException if a field has no {@code =}
   */
  public static Map<String, String> pairs(String line) {
    Map<String, String> pairs = new TreeMap<>();
    for (String field : of(line)) {
      int equals = field.indexOf('=');
      if (equals < 0) {
        throw new UsageException("invalid value " + field);
      }
      pairs.put(
          field.substring(0, equals).trim().toLowerCase(Locale.ROOT), field.substring(equals + 1));
    }
    return pairs;
  }

  /** Pairs as one line, sorted by key; fields with commas or quotes are quoted. */
  public static String join(Map<String, String> pairs) {
    List<String> fields = new ArrayList<>();
    new TreeMap<>(pairs)
        .forEach(
            (key, value) -> {
              String field = key + "=" + value;
              boolean plain = field.indexOf(',') < 0 && field.indexOf('"') < 0;
              fields.add(plain ? field : "\"" + field.replace("\"", "\"\"") + "\"");
            });
    return String.join(",", fields);
  }
}
