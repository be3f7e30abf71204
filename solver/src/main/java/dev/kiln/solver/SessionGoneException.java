package dev.kiln.solver;

/**
 * Thrown by an operation whose session vanished while it worked. If another build still wants the
 * vertex and brings another session, the operation is run again; else this is the error.
 */
public final class SessionGoneException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String session;

  /** Makes the exception for one session. */
  public SessionGoneException(String session, String message, Throwable cause) {
    super(message, cause);
    this.session = session;
  }

  /** The session that vanished. */
  public String session() {
    return session;
  }
}
