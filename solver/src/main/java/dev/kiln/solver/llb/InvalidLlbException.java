package dev.kiln.solver.llb;

/** A definition that can not be loaded; the message is the text that clients know. */
public final class InvalidLlbException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Makes the exception. */
  public InvalidLlbException(String message) {
    super(message);
  }

  /** Makes the exception with its cause. */
  public InvalidLlbException(String message, Throwable cause) {
    super(message, cause);
  }
}
