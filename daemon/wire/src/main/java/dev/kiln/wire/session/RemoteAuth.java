package dev.kiln.wire.session;

import com.google.protobuf.ByteString;
import dev.kiln.wire.auth.AuthGrpc;
import dev.kiln.wire.auth.CredentialsRequest;
import dev.kiln.wire.auth.CredentialsResponse;
import dev.kiln.wire.auth.FetchTokenRequest;
import dev.kiln.wire.auth.FetchTokenResponse;
import dev.kiln.wire.auth.GetTokenAuthorityRequest;
import dev.kiln.wire.auth.VerifyTokenAuthorityRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Registry credentials and tokens from a client. A client that does not offer them answers with an
 * empty value everywhere. Each call may take 60 s. Thread-safe.
 */
public final class RemoteAuth {
  private static final long TIMEOUT_S = 60;

  private final Session session;

  /** Asks this session. */
  public RemoteAuth(Session session) {
    this.session = session;
  }

  /**
   * A name and a secret; an empty name with a secret means that the secret is a refresh token, and
   * both empty that the client has none.
   */
  public record Credentials(String username, String secret) {
    /** Whether the client knows any. */
    public boolean isPresent() {
      return !username.isEmpty() || !secret.isEmpty();
    }

    @Override
    public String toString() {
      return "Credentials[" + username + "]";
    }
  }

  /** Credentials for a host as it stands in the request's URL, with its port if it has one. */
  public Optional<Credentials> credentials(String host) {
    Optional<CredentialsResponse> response =
        optional(() -> stub().credentials(CredentialsRequest.newBuilder().setHost(host).build()));
    return response.map(found -> new Credentials(found.getUsername(), found.getSecret()));
  }

  /** A token that the client fetches itself. Times are in the response's units: seconds. */
  public Optional<FetchTokenResponse> fetchToken(
      String host, String realm, String service, List<String> scopes) {
    FetchTokenRequest request =
        FetchTokenRequest.newBuilder()
            .setClientID("buildkit-client")
            .setHost(host)
            .setRealm(realm)
            .setService(service)
            .addAllScopes(scopes)
            .build();
    return optional(() -> stub().fetchToken(request));
  }

  /**
   * The public key (32 bytes, ed25519) that stands for the client's credentials of a host. Empty if
   * the client does not fetch tokens, and the daemon has to.
   */
  public Optional<byte[]> tokenAuthority(String host, byte[] salt) {
    GetTokenAuthorityRequest request =
        GetTokenAuthorityRequest.newBuilder()
            .setHost(host)
            .setSalt(ByteString.copyFrom(salt))
            .build();
    return optional(() -> stub().getTokenAuthority(request))
        .map(response -> response.getPublicKey().toByteArray())
        .filter(key -> key.length == 32);
  }

  /** The payload signed with that key: 64 bytes of ed25519 signature, then the payload. */
  public Optional<byte[]> signed(String host, byte[] salt, byte[] payload) {
    VerifyTokenAuthorityRequest request =
        VerifyTokenAuthorityRequest.newBuilder()
            .setHost(host)
            .setSalt(ByteString.copyFrom(salt))
            .setPayload(ByteString.copyFrom(payload))
            .build();
    return optional(() -> stub().verifyTokenAuthority(request))
        .map(response -> response.getSigned().toByteArray());
  }

  private AuthGrpc.AuthBlockingStub stub() {
    return AuthGrpc.newBlockingStub(session.channel())
        .withDeadlineAfter(TIMEOUT_S, TimeUnit.SECONDS);
  }

  private static <T> Optional<T> optional(Supplier<T> call) {
    try {
      return Optional.of(call.get());
    } catch (StatusRuntimeException e) {
      Status.Code code = e.getStatus().getCode();
      if (code == Status.Code.UNIMPLEMENTED || code == Status.Code.UNAVAILABLE) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
