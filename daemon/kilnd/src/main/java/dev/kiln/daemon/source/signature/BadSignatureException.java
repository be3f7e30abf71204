package dev.kiln.daemon.source.signature;

import java.io.IOException;

/** A signature, or the key that it is checked against, is malformed or does not prove anything. */
public final class BadSignatureException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Says why. */
  public BadSignatureException(String message) {
    super(message);
  }

  BadSignatureException(String message, Throwable cause) {
    super(message, cause);
  }
}
