package dev.kiln.registry.image;

import java.io.IOException;

/** A manifest, an index or a config that does not say what it must. */
public final class InvalidImageException extends IOException {
  private static final long serialVersionUID = 1L;

  /** An exception with the whole message. */
  public InvalidImageException(String message) {
    super(message);
  }

  InvalidImageException(String message, Throwable cause) {
    super(message, cause);
  }
}
