package dev.kiln.dockerfile.text;

import java.util.Optional;

/** Booleans as users write them. */
public final class BooleanText {

  private BooleanText() {}

  /**
   * Reads {@code true}, {@code t} or {@code 1} and their opposites, in lower, upper or title case.
   */
  public static Optional<Boolean> parse(String text) {
    return switch (text) {
      case "1", "t", "T", "true", "TRUE", "True" -> Optional.of(true);
      case "0", "f", "F", "false", "FALSE", "False" -> Optional.of(false);
      default -> Optional.empty();
    };
  }
}
