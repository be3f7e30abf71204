package dev.kiln.cli.flag;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes such as {@code 64m} or {@code 1.5GB}, in powers of 1024. */
public final class ByteSize {
  private static final Pattern SIZE =
      Pattern.compile("([0-9]+(?:\\.[0-9]+)?) ?([kmgtp]?)i?b?", Pattern.CASE_INSENSITIVE);

  private ByteSize() {}

  /**
   * Bytes.
   *
   * @throws UsageException if the text is no size
   */
  public static long parse(String text) {
    Matcher matcher = SIZE.matcher(text.trim());
    if (!matcher.matches()) {
      throw new UsageException("invalid size: '" + text + "'; write a number with b, k, m or g");
    }
    int power = " kmgtp".indexOf((matcher.group(2) + " ").toLowerCase(Locale.ROOT).charAt(0));
    return (long) (Double.parseDouble(matcher.group(1)) * Math.pow(1024, power));
  }
}
