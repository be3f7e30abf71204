package dev.kiln.dockerfile.shell;

/** A place in a text, moving forward by code points. */
final class Cursor {

  /** What stands behind the last character. */
  static final int END = -1;

  private final String text;
  private int index;

  Cursor(String text) {
    this.text = text;
  }

  boolean atEnd() {
    return index >= text.length();
  }

  /** The character here, without moving; {@link #END} at the end. */
  int peek() {
    return atEnd() ? END : text.codePointAt(index);
  }

  /** The character here, moving past it. */
  int next() {
    int c = peek();
    index += c == END ? 0 : Character.charCount(c);
    return c;
  }
}
