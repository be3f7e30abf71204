package dev.kiln.executor.cdi;

import java.io.IOException;

/** A device's description is not valid, or a device cannot be had. */
public final class CdiException extends IOException {
  private static final long serialVersionUID = 1L;

  public CdiException(String message) {
    super(message);
  }

  public CdiException(String message, Throwable cause) {
    super(message, cause);
  }
}
