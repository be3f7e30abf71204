package dev.kiln.registry.auth;

import java.time.Duration;
import java.time.Instant;

/**
 * A bearer token.
 *
 * @param issuedAt when its life began
 * @param lifetime how long it is good for
 */
public record Token(String value, Instant issuedAt, Duration lifetime) {
  /** What holds when the service says nothing about the lifetime. */
  public static final Duration DEFAULT_LIFETIME = Duration.ofSeconds(60);

  /**
   * A token of which the service may not have said everything: 0 seconds and the zero instant mean
   * "not said".
   */
  public static Token of(String value, Instant issuedAt, long expiresInSeconds, Instant now) {
    Duration lifetime =
        expiresInSeconds > 0 ? Duration.ofSeconds(expiresInSeconds) : DEFAULT_LIFETIME;
    return new Token(value, issuedAt.equals(Instant.EPOCH) ? now : issuedAt, lifetime);
  }

  /** When Kiln stops using it: after nine tenths of its life, so that none runs out on the way. */
  public Instant usableUntil() {
    return issuedAt.plusMillis(lifetime.toMillis() * 9 / 10);
  }

  /** Shows nothing of the token. */
  @Override
  public String toString() {
    return "token issued " + issuedAt + " for " + lifetime;
  }
}
