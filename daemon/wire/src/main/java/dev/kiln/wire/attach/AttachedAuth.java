package dev.kiln.wire.attach;

import com.google.protobuf.ByteString;
import dev.kiln.wire.auth.AuthGrpc;
import dev.kiln.wire.auth.CredentialsRequest;
import dev.kiln.wire.auth.CredentialsResponse;
import dev.kiln.wire.auth.FetchTokenRequest;
import dev.kiln.wire.auth.FetchTokenResponse;
import dev.kiln.wire.auth.GetTokenAuthorityRequest;
import dev.kiln.wire.auth.GetTokenAuthorityResponse;
import dev.kiln.wire.auth.VerifyTokenAuthorityRequest;
import dev.kiln.wire.auth.VerifyTokenAuthorityResponse;
import dev.kiln.wire.error.ErrorStatus;
import dev.kiln.wire.session.RemoteAuth.Credentials;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.http.HttpClient;
import java.util.List;
import java.util.function.Consumer;

/**
 * Offers the user's registry logins. As a rule the daemon gets tokens only: they are fetched here,
 * and a key proves that another client has the same login. {@code BUILDKIT_NO_CLIENT_TOKEN=1} turns
 * that off.
 */
public final class AttachedAuth {
  private AttachedAuth() {}

  /** The service that offers the logins of a docker configuration. */
  public static ServerServiceDefinition service(DockerConfig config) {
    return service(config, use -> {});
  }

  /**
   * The service, with somebody who hears of what is done with a login.
   *
   * @param listener gets a line for each token that is fetched with a login, and for each host that
   *     a login is shared with
   */
  public static ServerServiceDefinition service(DockerConfig config, Consumer<String> listener) {
    return new Service(config, listener).bindService();
  }

  private static final class Service extends AuthGrpc.AuthImplBase {
    private final DockerConfig config;
    private final TokenSeeds seeds;
    private final Consumer<String> listener;

    Service(DockerConfig config, Consumer<String> listener) {
      this.config = config;
      this.listener = listener;
      this.seeds = new TokenSeeds(config.folder());
    }

    @Override
    public void credentials(
        CredentialsRequest request, StreamObserver<CredentialsResponse> response) {
      answer(
          response,
          () -> {
            Credentials login = config.login(request.getHost()).credentials();
            if (!login.secret().isEmpty()) {
              listener.accept("sharing credentials for " + request.getHost());
            }
            return CredentialsResponse.newBuilder()
                .setUsername(login.username())
                .setSecret(login.secret())
                .build();
          });
    }

    @Override
    public void fetchToken(FetchTokenRequest request, StreamObserver<FetchTokenResponse> response) {
      answer(response, () -> fetch(request));
    }

    private FetchTokenResponse fetch(FetchTokenRequest request) throws IOException {
      RegistryLogin login = config.login(request.getHost());
      if (!login.registryToken().isEmpty()) {
        return FetchTokenResponse.newBuilder()
            .setToken(login.registryToken())
            .setExpiresIn(60)
            .build();
      }
      if (!login.credentials().secret().isEmpty()) {
        String scopes = String.join(" ", request.getScopesList()).replace("repository:", "");
        listener.accept(scopes + " token for " + request.getHost());
      }
      try (HttpClient http =
          HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build()) {
        return new TokenFetch(http, request, login.credentials()).run();
      }
    }

    @Override
    public void getTokenAuthority(
        GetTokenAuthorityRequest request, StreamObserver<GetTokenAuthorityResponse> response) {
      answer(
          response,
          () ->
              GetTokenAuthorityResponse.newBuilder()
                  .setPublicKey(
                      ByteString.copyFrom(
                          authority(request.getHost(), request.getSalt()).publicKey()))
                  .build());
    }

    @Override
    public void verifyTokenAuthority(
        VerifyTokenAuthorityRequest request,
        StreamObserver<VerifyTokenAuthorityResponse> response) {
      answer(
          response,
          () ->
              VerifyTokenAuthorityResponse.newBuilder()
                  .setSigned(
                      ByteString.copyFrom(
                          authority(request.getHost(), request.getSalt())
                              .sign(request.getPayload().toByteArray())))
                  .build());
    }

    private TokenAuthority authority(String host, ByteString salt) throws IOException {
      String off = System.getenv().getOrDefault("BUILDKIT_NO_CLIENT_TOKEN", "");
      if (off.equals("1") || off.equalsIgnoreCase("true")) {
        throw ErrorStatus.of(Status.Code.UNAVAILABLE, "client side tokens disabled", List.of());
      }
      byte[] seed = seeds.seed(host);
      boolean loggedIn = !config.login(host).credentials().secret().isEmpty();
      return TokenAuthority.of(salt.toByteArray(), loggedIn ? seed : new byte[0]);
    }

    private interface Answer<T> {
      T get() throws IOException;
    }

    private static <T> void answer(StreamObserver<T> response, Answer<T> answer) {
      T value;
      try {
        value = answer.get();
      } catch (IOException | RuntimeException e) {
        response.onError(ErrorStatus.of(e));
        return;
      }
      response.onNext(value);
      response.onCompleted();
    }
  }
}
