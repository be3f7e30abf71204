package dev.kiln.registry.transfer;

import java.io.IOException;

/** An image did not get into a registry; the cause says why. */
public final class PushException extends IOException {
  private static final long serialVersionUID = 1L;

  PushException(String message, IOException cause) {
    super(message, cause);
  }
}
