package dev.kiln.registry.auth;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * What all builds share about authentication: each host's last challenge, and tokens by identity.
 * Thread-safe.
 */
public final class SharedAuth {
  private static final int SALT_BYTES = 32;

  private final TokenCache tokens;
  private final Clock clock;
  private final byte[] salt = new byte[SALT_BYTES];
  private final ConcurrentMap<String, Challenge> challenges = new ConcurrentHashMap<>();

  /** An empty memory, with a salt of its own. */
  public SharedAuth(Clock clock) {
    this.clock = clock;
    this.tokens = new TokenCache(clock);
    new SecureRandom().nextBytes(salt);
  }

  TokenCache tokens() {
    return tokens;
  }

  Clock clock() {
    return clock;
  }

  byte[] salt() {
    return salt.clone();
  }

  Optional<Challenge> challenge(String host) {
    return Optional.ofNullable(challenges.get(host));
  }

  void remember(String host, Challenge challenge) {
    challenges.put(host, challenge);
  }
}
