package dev.kiln.registry.auth;

import java.util.List;

/**
 * A wish for a token, from a registry's challenge.
 *
 * @param host the registry that wants the token
 * @param realm the address of the token service
 * @param service the registry's name at that service
 * @param scopes such as {@code repository:library/alpine:pull}, normalised and sorted
 */
public record TokenRequest(String host, String realm, String service, List<String> scopes) {
  /** How Kiln names itself to token services. */
  public static final String CLIENT_ID = "buildkit-client";
}
