package dev.kiln.wire.attach;

import dev.kiln.wire.session.RemoteAuth.Credentials;

/**
 * What a docker configuration says of one registry.
 *
 * @param username empty with an identity token
 * @param identityToken a refresh token that takes the password's place, or empty
 * @param registryToken a bearer token to be used as it is, or empty
 */
public record RegistryLogin(
    String username, String password, String identityToken, String registryToken) {

  /** No login. */
  public static final RegistryLogin NONE = new RegistryLogin("", "", "", "");

  /** The form in which credentials travel: an empty name means that the secret is a token. */
  public Credentials credentials() {
    return identityToken.isEmpty()
        ? new Credentials(username, password)
        : new Credentials("", identityToken);
  }

  @Override
  public String toString() {
    return "RegistryLogin[" + username + "]";
  }
}
