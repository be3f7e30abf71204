package dev.kiln.registry.auth;

import java.io.IOException;

/**
 * No credentials that are at hand satisfy the registry. The message ends with {@code authorization
 * failed}.
 */
public final class AuthorizationException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String reason;

  AuthorizationException(String reason) {
    super(reason + ": authorization failed");
    this.reason = reason;
  }

  AuthorizationException(String reason, Throwable cause) {
    super(reason + ": authorization failed", cause);
    this.reason = reason;
  }

  /** The whole message. */
  public String reason() {
    return reason + ": authorization failed";
  }
}
