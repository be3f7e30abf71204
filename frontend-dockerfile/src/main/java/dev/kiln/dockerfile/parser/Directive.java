package dev.kiln.dockerfile.parser;

/**
 * A parser directive at the top of a Dockerfile, {@code # name=value}.
 *
 * @param name lower case
 * @param value the full text behind the equals sign, trimmed
 */
public record Directive(String name, String value, Location location) {

  /** The value's first word, such as the image of a {@code syntax} directive. */
  public String firstWord() {
    int space = value.indexOf(' ');
    return space < 0 ? value : value.substring(0, space);
  }
}
