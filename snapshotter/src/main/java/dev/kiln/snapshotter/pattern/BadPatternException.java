package dev.kiln.snapshotter.pattern;

/** A pattern whose syntax is wrong. The message of a malformed glob is Go's own text. */
public final class BadPatternException extends IllegalArgumentException {
  static final String MALFORMED = "syntax error in pattern";

  public BadPatternException(String message) {
    super(message);
  }
}
