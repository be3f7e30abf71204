package dev.kiln.dockerfile.parser;

import java.nio.charset.StandardCharsets;

/** Walks through a text line by line and counts. Not thread-safe. */
final class Lines {

  /** A longer line is refused, as other Dockerfile parsers do. */
  private static final int MAX_LINE_BYTES = 65_535;

  private static final int MAX_BYTES_PER_CHAR = 3;

  private final String text;
  private int index;
  private int number;

  Lines(String text) {
    this.text = text;
  }

  boolean hasNext() {
    return index < text.length();
  }

  /** The number of the line read last, counted from 1. */
  int number() {
    return number;
  }

  /** The next line with its line end. */
  String next() {
    int newline = text.indexOf('\n', index);
    int end = newline < 0 ? text.length() : newline + 1;
    String line = text.substring(index, end);
    number++;
    refuseTooLong(newline < 0 ? line : line.substring(0, line.length() - 1));
    index = end;
    return line;
  }

  private void refuseTooLong(String line) {
    if (line.length() * MAX_BYTES_PER_CHAR > MAX_LINE_BYTES
        && line.getBytes(StandardCharsets.UTF_8).length > MAX_LINE_BYTES) {
      throw new DockerfileException(
          "dockerfile line greater than max allowed size of " + MAX_LINE_BYTES,
          Location.line(number));
    }
  }

  static String withoutLineEnd(String line) {
    int end = line.length();
    while (end > 0 && (line.charAt(end - 1) == '\n' || line.charAt(end - 1) == '\r')) {
      end--;
    }
    return line.substring(0, end);
  }
}
