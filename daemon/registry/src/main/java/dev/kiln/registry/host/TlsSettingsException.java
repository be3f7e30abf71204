package dev.kiln.registry.host;

import java.io.IOException;

/**
 * A certificate or a key that a registry's settings name cannot be used; asking again changes
 * nothing.
 */
public final class TlsSettingsException extends IOException {
  private static final long serialVersionUID = 1L;

  TlsSettingsException(String message, Throwable cause) {
    super(message, cause);
  }
}
