package dev.kiln.cli.progress;

import java.util.ArrayList;
import java.util.List;

/**
 * The last few lines of what a program prints, as a small terminal would show them: long lines
 * wrap, a carriage return goes back, and escape sequences leave no trace. Not thread-safe.
 */
final class LogWindow {
  private static final int TAB = 8;
  private static final char ESCAPE = '\u001b';

  private final int height;
  private int width;
  private final List<StringBuilder> lines = new ArrayList<>(List.of(new StringBuilder()));
  private int column;
  private long written;
  private Parsing parsing = Parsing.TEXT;

  private enum Parsing {
    TEXT,
    ESCAPED,
    CONTROL,
    TITLE
  }

  LogWindow(int width, int height) {
    this.width = Math.max(1, width);
    this.height = height;
  }

  /** How many characters were written in all. */
  long written() {
    return written;
  }

  void resize(int newWidth) {
    width = Math.max(1, newWidth);
  }

  void write(String text) {
    written += text.length();
    text.codePoints().forEach(this::put);
  }

  private void put(int c) {
    switch (parsing) {
      case ESCAPED ->
          parsing = c == '[' ? Parsing.CONTROL : c == ']' ? Parsing.TITLE : Parsing.TEXT;
      case CONTROL -> control(c);
      case TITLE -> parsing = c == 7 || c == ESCAPE ? Parsing.TEXT : Parsing.TITLE;
      case TEXT -> text(c);
    }
  }

  private void control(int c) {
    if (c < '@' || c > '~') {
      return;
    }
    parsing = Parsing.TEXT;
    if (c == 'K') {
      lines.getLast().setLength(Math.min(column, lines.getLast().length()));
    }
  }

  private void text(int c) {
    switch (c) {
      case ESCAPE -> parsing = Parsing.ESCAPED;
      case '\n' -> newLine();
      case '\r' -> column = 0;
      case '\b' -> column = Math.max(0, column - 1);
      case '\t' -> {
        int stop = Math.min(width, column - column % TAB + TAB);
        while (column < stop) {
          print(' ');
        }
      }
      default -> {
        if (c >= ' ' && c != 127) {
          print(c);
        }
      }
    }
  }

  private void print(int c) {
    if (column >= width) {
      newLine();
    }
    StringBuilder line = lines.getLast();
    while (line.codePointCount(0, line.length()) < column) {
      line.append(' ');
    }
    int from = line.offsetByCodePoints(0, column);
    int to = from < line.length() ? line.offsetByCodePoints(from, 1) : from;
    line.replace(from, to, Character.toString(c));
    column++;
  }

  private void newLine() {
    lines.add(new StringBuilder());
    column = 0;
    while (lines.size() > height) {
      lines.removeFirst();
    }
  }

  /** The lines that are not blank, oldest first. */
  List<String> shown() {
    return lines.stream()
        .map(line -> line.length() > width ? line.substring(0, width) : line.toString())
        .filter(line -> !line.isBlank())
        .toList();
  }
}
