package dev.kiln.cli.flag;

/** Flags or arguments that make no sense; the message is for the person who wrote them. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what is wrong and, where that is not plain, what to write instead. */
  public UsageException(String message) {
    super(message);
  }

  /** With the reason for it. */
  public UsageException(String message, Throwable cause) {
    super(message, cause);
  }
}
