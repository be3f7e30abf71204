package dev.kiln.registry.auth;

import dev.kiln.registry.host.Connections;
import dev.kiln.registry.host.Server;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Gives requests of one build their Authorization. It learns from challenges what a host wants, and
 * asks the build's client for credentials or tokens once for each host. Thread-safe.
 */
public final class Authorizer {
  private final CredentialSource source;
  private final SharedAuth shared;
  private final Connections connections;
  private final Map<String, Proof> proofs = new ConcurrentHashMap<>();
  private final Map<String, Credentials> credentials = new ConcurrentHashMap<>();

  /** Who this build is at one host, and whether the client fetches its tokens. */
  private record Proof(Identity identity, boolean clientFetches) {}

  /** An authorizer of the build behind the source. */
  public Authorizer(CredentialSource source, SharedAuth shared, Connections connections) {
    this.source = source;
    this.shared = shared;
    this.connections = connections;
  }

  /**
   * The header value to send along, or empty if the host has not asked for any.
   *
   * @throws AuthorizationException if no credentials satisfy the host
   */
  public Optional<String> authorization(Server server, Scopes scopes) throws IOException {
    Optional<Challenge> challenge = shared.challenge(server.host());
    return challenge.isEmpty()
        ? Optional.empty()
        : Optional.of(answer(server, challenge.get(), scopes));
  }

  /**
   * Takes note of a refusal.
   *
   * @param scopes what the refused request was meant to be allowed
   * @param sent the Authorization that was refused, if one was sent
   * @return the scopes to ask for with the next attempt: the same, with those that the registry
   *     names
   * @throws AuthorizationException if no further attempt has a chance
   */
  public Scopes refused(
      Server server, List<Challenge> challenges, Scopes scopes, Optional<String> sent)
      throws IOException {
    Challenge chosen =
        challenges.stream()
            .filter(c -> c.scheme().equals(Challenge.BEARER) || c.scheme().equals(Challenge.BASIC))
            .findFirst()
            .orElseThrow(() -> new AuthorizationException("failed to find supported auth scheme"));
    Optional<Challenge> before = shared.challenge(server.host());
    boolean knownBefore = before.isPresent() && sameService(before.get(), chosen);
    shared.remember(server.host(), chosen);
    Scopes wanted = scopes.and(Scopes.of(List.of(chosen.parameter("scope"))));
    if (sent.isEmpty() || !knownBefore || !wanted.equals(scopes)) {
      return wanted;
    }
    if (chosen.scheme().equals(Challenge.BASIC)) {
      throw new AuthorizationException("the registry refused the credentials");
    }
    String error = chosen.parameter("error");
    if (!error.equals("invalid_token")) {
      throw new AuthorizationException(
          "server message: " + (error.isEmpty() ? "insufficient_scope" : error));
    }
    shared.tokens().drop(key(server, chosen, scopes));
    return scopes;
  }

  private static boolean sameService(Challenge one, Challenge other) {
    return one.scheme().equals(other.scheme())
        && one.parameter("realm").equals(other.parameter("realm"));
  }

  private String answer(Server server, Challenge challenge, Scopes scopes) throws IOException {
    if (challenge.scheme().equals(Challenge.BASIC)) {
      Credentials known = credentials(server.host());
      if (known.isAnonymous()) {
        throw new AuthorizationException("no basic auth credentials");
      }
      return TokenService.basic(known);
    }
    TokenCache.Key key = key(server, challenge, scopes);
    return "Bearer " + shared.tokens().get(key, () -> fetch(server, key.request())).value();
  }

  private TokenCache.Key key(Server server, Challenge challenge, Scopes scopes) throws IOException {
    TokenRequest request =
        new TokenRequest(
            server.host(),
            challenge.parameter("realm"),
            challenge.parameter("service"),
            scopes.texts());
    return new TokenCache.Key(proof(server.host()).identity(), request);
  }

  private Token fetch(Server server, TokenRequest request) throws IOException {
    return proof(server.host()).clientFetches()
        ? asking(server.host(), () -> source.fetchToken(request))
        : new TokenService(connections, server.settings(), shared)
            .fetch(request, credentials(server.host()));
  }

  private Credentials credentials(String host) throws IOException {
    Credentials known = credentials.get(host);
    if (known == null) {
      known = asking(host, () -> source.credentials(host));
      credentials.put(host, known);
    }
    return known;
  }

  private Proof proof(String host) throws IOException {
    Proof known = proofs.get(host);
    if (known == null) {
      known = prove(host);
      proofs.put(host, known);
    }
    return known;
  }

  private Proof prove(String host) throws IOException {
    byte[] salt = shared.salt();
    Optional<byte[]> publicKey = asking(host, () -> source.tokenAuthority(host, salt));
    if (publicKey.isEmpty() || publicKey.get().length != AuthoritySignature.KEY_BYTES) {
      Credentials known = credentials(host);
      return new Proof(
          known.isAnonymous() ? new Identity.Anonymous() : Identity.Secret.of(host, known), false);
    }
    byte[] payload = AuthoritySignature.newPayload();
    boolean proven =
        asking(host, () -> source.signWithAuthority(host, payload, salt))
            .map(signed -> AuthoritySignature.proves(publicKey.get(), payload, signed))
            .orElse(false);
    Identity identity =
        proven
            ? new Identity.Authority(HexFormat.of().formatHex(publicKey.get()))
            : new Identity.Unproven(this);
    return new Proof(identity, true);
  }

  /** A question to the build's client. */
  @FunctionalInterface
  private interface Question<T> {
    T ask() throws IOException;
  }

  /** A client that fails is no reason to ask the registry again. */
  private static <T> T asking(String host, Question<T> question) throws IOException {
    try {
      return question.ask();
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      throw new AuthorizationException(
          "could not get credentials for " + host + " from the client: " + e.getMessage(), e);
    }
  }
}
