package dev.kiln.registry.client;

import java.io.IOException;

/** Bytes that should be sent cannot be read; no fault of the registry's. The cause says why. */
final class BlobSourceException extends IOException {
  private static final long serialVersionUID = 1L;

  private final IOException reason;

  BlobSourceException(Exception cause) {
    super(cause);
    this.reason = cause instanceof IOException io ? io : new IOException(cause);
  }

  /**
   * Why an exchange failed: the source's own failure if there is one behind it, else the
   * exchange's.
   */
  static IOException reasonOf(IOException failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof BlobSourceException source) {
        return source.reason;
      }
    }
    return failure;
  }
}
