package dev.kiln.snapshotter.pattern;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Reads the tables of cases beside the tests: one case a line, fields between tabs. */
final class CaseTable {
  private CaseTable() {}

  /** The lines of a table; quoted fields are unquoted. */
  static List<String[]> read(String name) {
    try (InputStream in = CaseTable.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(
              line ->
                  Arrays.stream(line.split("\t")).map(CaseTable::unquote).toArray(String[]::new))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String unquote(String field) {
    if (!field.startsWith("\"")) {
      return field;
    }
    StringBuilder text = new StringBuilder();
    for (int i = 1; i < field.length() - 1; i++) {
      char c = field.charAt(i);
      if (c != '\\') {
        text.append(c);
        continue;
      }
      char escape = field.charAt(++i);
      switch (escape) {
        case 'n' -> text.append('\n');
        case 'r' -> text.append('\r');
        case 't' -> text.append('\t');
        case 'u' -> {
          text.append((char) Integer.parseInt(field.substring(i + 1, i + 5), 16));
          i += 4;
        }
        default -> text.append(escape);
      }
    }
    return text.toString();
  }
}
