package dev.kiln.dockerfile.text;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits one line of comma separated values (RFC 4180): a field may stand in double quotes, and two
 * double quotes in it are one. Not thread-safe.
 */
public final class CsvFields {

  private final String line;
  private int pos;

  private CsvFields(String line) {
    this.line = line;
  }

  /**
   * The line's fields.
   *
   * @throws IllegalArgumentException if the line is empty or a quote is out of place; the message
   *     names the column
   */
  public static List<String> of(String line) {
    String content = line.endsWith("\n") ? line.substring(0, line.length() - 1) : line;
    if (content.isEmpty()) {
      throw new IllegalArgumentException("EOF");
    }
    return new CsvFields(content).read();
  }

  private List<String> read() {
    List<String> fields = new ArrayList<>();
    while (true) {
      boolean quoted = pos < line.length() && line.charAt(pos) == '"';
      fields.add(quoted ? quotedField() : plainField());
      if (pos >= line.length()) {
        return fields;
      }
      pos++; // the comma; a field follows it even at the end of the line
    }
  }

  private String plainField() {
    int comma = line.indexOf(',', pos);
    int end = comma < 0 ? line.length() : comma;
    int quote = line.indexOf('"', pos);
    if (quote >= 0 && quote < end) {
      throw misplaced(quote, "bare \" in non-quoted field");
    }
    String field = line.substring(pos, end);
    pos = end;
    return field;
  }

  private String quotedField() {
    StringBuilder field = new StringBuilder();
    pos++;
    while (true) {
      int quote = line.indexOf('"', pos);
      if (quote < 0) {
        throw misplaced(pos, "extraneous or missing \" in quoted-field");
      }
      field.append(line, pos, quote);
      pos = quote + 1;
      if (pos == line.length() || line.charAt(pos) == ',') {
        return field.toString();
      }
      if (line.charAt(pos) != '"') {
        throw misplaced(quote, "extraneous or missing \" in quoted-field");
      }
      field.append('"');
      pos++;
    }
  }

  private static IllegalArgumentException misplaced(int index, String what) {
    return new IllegalArgumentException(
        "parse error on line 1, column " + (index + 1) + ": " + what);
  }
}
