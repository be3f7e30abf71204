package dev.kiln.registry.auth;

import java.io.IOException;
import java.util.Optional;

/**
 * Who a request is made for. The daemon implements it with the sessions of a build; {@link
 * #anonymous()} serves where there are none. Called from several threads at once. Every method may
 * block on the client and throws {@link IOException} if the client fails; a client that does not
 * offer a method answers with an empty value.
 */
public interface CredentialSource {
  /**
   * The credentials for a server such as {@code registry-1.docker.io} or {@code localhost:5000}.
   */
  Credentials credentials(String host) throws IOException;

  /**
   * The key under which the client fetches tokens itself, so that passwords never leave it.
   *
   * @param salt 32 bytes that stay the same while the daemon runs
   * @return an Ed25519 public key of 32 bytes, or empty if the client does not fetch tokens
   */
  default Optional<byte[]> tokenAuthority(String host, byte[] salt) throws IOException {
    return Optional.empty();
  }

  /**
   * Lets the client prove that it holds the key of {@link #tokenAuthority}.
   *
   * @param payload 32 random bytes
   * @return a signature of 64 bytes followed by the payload, or empty if the client does not offer
   *     this
   */
  default Optional<byte[]> signWithAuthority(String host, byte[] payload, byte[] salt)
      throws IOException {
    return Optional.empty();
  }

  /** Lets the client fetch a token; only called when {@link #tokenAuthority} gave a key. */
  default Token fetchToken(TokenRequest request) throws IOException {
    throw new IOException(
        "could not fetch a token for " + request.host() + ": the client does not offer it");
  }

  /** A source without credentials. */
  static CredentialSource anonymous() {
    return host -> Credentials.ANONYMOUS;
  }
}
