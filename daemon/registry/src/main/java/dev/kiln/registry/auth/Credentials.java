package dev.kiln.registry.auth;

/**
 * What a user proves identity with.
 *
 * @param username empty means that the secret is an identity token
 * @param secret password or token; empty means anonymous
 */
public record Credentials(String username, String secret) {
  /** No credentials. */
  public static final Credentials ANONYMOUS = new Credentials("", "");

  /** Whether there is nothing to prove identity with. */
  public boolean isAnonymous() {
    return secret.isEmpty();
  }

  /** Shows no secret. */
  @Override
  public String toString() {
    return isAnonymous()
        ? "anonymous"
        : "credentials of " + (username.isEmpty() ? "a token" : username);
  }
}
