package dev.kiln.dockerfile.text;

import java.util.regex.Pattern;

/** White space as Unicode defines it, which the Dockerfile language trims and splits by. */
public final class Blank {

  /**
   * What separates words inside one line: not the no-break space, nor other blanks beyond ASCII.
   */
  public static final Pattern IN_LINE = Pattern.compile("[\\t\\x0B\\f\\r ]+");

  private Blank() {}

  /** True for the characters with Unicode's property White_Space. */
  public static boolean is(int c) {
    return isAscii(c) || c == 0x85 || Character.isSpaceChar(c);
  }

  /** True for the blanks of ASCII, line ends included. */
  public static boolean isAscii(int c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  /** The text without blanks at its start. */
  public static String trimLeft(String text) {
    int start = 0;
    while (start < text.length() && is(text.charAt(start))) {
      start++;
    }
    return text.substring(start);
  }

  /** The text without blanks at both ends. */
  public static String trim(String text) {
    int end = text.length();
    while (end > 0 && is(text.charAt(end - 1))) {
      end--;
    }
    return trimLeft(text.substring(0, end));
  }
}
