package dev.kiln.dockerfile.parser;

/**
 * A run of whole lines in a Dockerfile. On the wire it becomes one range for each line.
 *
 * @param startLine first line, counted from 1
 * @param endLine last line, inclusive, never before {@code startLine}
 */
public record Location(int startLine, int endLine) {

  public Location {
    endLine = Math.max(startLine, endLine);
  }

  /** The location that covers exactly one line. */
  public static Location line(int line) {
    return new Location(line, line);
  }
}
