package dev.kiln.dockerfile.text;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Amounts of memory as users write them: {@code 64m}, {@code 1.5 GiB}. Units are powers of 1024.
 */
public final class ByteSize {

  private static final Pattern FORM =
      Pattern.compile(
          "\\+?([0-9]+\\.?[0-9]*|\\.[0-9]+) ?(?:b|([kmgtp])(?:b|ib)?)?", Pattern.CASE_INSENSITIVE);
  private static final String UNITS = "kmgtp";

  private ByteSize() {}

  /** The size in bytes, rounded down; empty if the text is not a size. */
  public static OptionalLong parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return OptionalLong.empty();
    }
    double size = Double.parseDouble(form.group(1));
    String unit = form.group(2);
    if (unit != null) {
      int power = UNITS.indexOf(Character.toLowerCase(unit.charAt(0))) + 1;
      size *= Math.pow(1024, power);
    }
    return OptionalLong.of((long) size);
  }
}
