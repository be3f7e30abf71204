package dev.kiln.registry.auth;

import dev.kiln.snapshotter.content.Digest;
import java.nio.charset.StandardCharsets;

/**
 * Who a token belongs to. Two builds share a token only when their identities are equal, which a
 * build cannot claim without holding the credentials or signing with the key.
 */
sealed interface Identity {
  /** Nobody in particular; everybody may use such tokens. */
  record Anonymous() implements Identity {}

  /**
   * Who knows certain credentials.
   *
   * @param hash over host, user and secret, so that no secret stays in the cache's keys
   */
  record Secret(Digest hash) implements Identity {
    static Secret of(String host, Credentials credentials) {
      String text = host + "\n" + credentials.username() + "\n" + credentials.secret();
      return new Secret(Digest.of(text.getBytes(StandardCharsets.UTF_8)));
    }
  }

  /**
   * Who proved to hold a key.
   *
   * @param publicKey in hexadecimal
   */
  record Authority(String publicKey) implements Identity {}

  /** One build that could prove nothing; equal only to itself. */
  record Unproven(Object build) implements Identity {}
}
