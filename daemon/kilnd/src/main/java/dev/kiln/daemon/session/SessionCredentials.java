package dev.kiln.daemon.session;

import dev.kiln.registry.auth.CredentialSource;
import dev.kiln.registry.auth.Credentials;
import dev.kiln.registry.auth.Token;
import dev.kiln.registry.auth.TokenRequest;
import dev.kiln.wire.auth.FetchTokenResponse;
import dev.kiln.wire.session.NoSessionException;
import dev.kiln.wire.session.RemoteAuth;
import dev.kiln.wire.session.Session;
import dev.kiln.wire.session.SessionGroup;
import dev.kiln.wire.session.SessionRegistry;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Registry credentials from the clients of the builds that want something; anonymous where they
 * have none. The sessions are asked for anew each time, since builds come and go. Safe for use by
 * many threads.
 */
public final class SessionCredentials implements CredentialSource {
  private final SessionRegistry registry;
  private final Supplier<List<String>> sessions;

  /**
   * Asks these sessions in turn.
   *
   * @param sessions ids of the sessions to ask now
   */
  public SessionCredentials(SessionRegistry registry, Supplier<List<String>> sessions) {
    this.registry = registry;
    this.sessions = sessions;
  }

  /** Something to ask of one client. */
  private interface Question<T> {
    Optional<T> ask(RemoteAuth auth);
  }

  private <T> Optional<T> ask(Question<T> question) throws IOException {
    List<String> ids = sessions.get();
    if (ids.isEmpty()) {
      return Optional.empty();
    }
    SessionGroup group = registry.group(ids);
    try {
      return group.any((Session session) -> question.ask(new RemoteAuth(session)));
    } catch (NoSessionException e) {
      return Optional.empty();
    } catch (StatusRuntimeException e) {
      throw new IOException(
          "could not get registry credentials from the client: " + e.getStatus().getDescription(),
          e);
    }
  }

  @Override
  public Credentials credentials(String host) throws IOException {
    return ask(auth -> auth.credentials(host))
        .map(found -> new Credentials(found.username(), found.secret()))
        .orElse(Credentials.ANONYMOUS);
  }

  @Override
  public Optional<byte[]> tokenAuthority(String host, byte[] salt) throws IOException {
    return ask(auth -> auth.tokenAuthority(host, salt));
  }

  @Override
  public Optional<byte[]> signWithAuthority(String host, byte[] payload, byte[] salt)
      throws IOException {
    return ask(auth -> auth.signed(host, salt, payload));
  }

  @Override
  public Token fetchToken(TokenRequest request) throws IOException {
    FetchTokenResponse token =
        ask(auth ->
                auth.fetchToken(
                    request.host(), request.realm(), request.service(), request.scopes()))
            .orElseThrow(
                () ->
                    new IOException(
                        "could not fetch a token for "
                            + request.host()
                            + ": the client does not offer it"));
    return Token.of(
        token.getToken(),
        Instant.ofEpochSecond(token.getIssuedAt()),
        token.getExpiresIn(),
        Instant.now());
  }
}
