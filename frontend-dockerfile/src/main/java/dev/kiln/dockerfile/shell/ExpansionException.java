package dev.kiln.dockerfile.shell;

/**
 * A word that cannot be expanded: bad syntax, or {@code ${x:?word}} of a variable that is not set.
 */
public final class ExpansionException extends RuntimeException {

  public ExpansionException(String message) {
    super(message);
  }

  public ExpansionException(String message, Throwable cause) {
    super(message, cause);
  }
}
