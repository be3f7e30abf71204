package dev.kiln.registry.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.kiln.registry.auth.CredentialSource;
import dev.kiln.registry.auth.Credentials;
import dev.kiln.registry.auth.Token;
import dev.kiln.registry.auth.TokenRequest;
import dev.kiln.registry.failure.UnauthorizedException;
import dev.kiln.registry.image.MediaTypes;
import dev.kiln.registry.reference.ImageReference;
import dev.kiln.registry.testing.FakeRegistry;
import dev.kiln.registry.testing.TestClients;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A registry that wants bearer tokens, with its token service on the same port. */
class TokenFlowTest {
  private static final String INDEX = "{\"schemaVersion\":2,\"manifests\":[]}";

  private final AtomicInteger issued = new AtomicInteger();
  private final Set<String> good = ConcurrentHashMap.newKeySet();
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private String wantedBasic = "";
  private int getStatus = 200;
  private FakeRegistry registry;
  private RegistryClient client;

  @BeforeEach
  void start() throws IOException {
    registry = new FakeRegistry();
    registry.putManifest("a", "1", MediaTypes.OCI_INDEX, INDEX);
    registry.rule(this::tokenService);
    registry.rule(this::guard);
    client = TestClients.client();
  }

  @AfterEach
  void stop() {
    client.close();
    registry.close();
  }

  private boolean tokenService(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestURI().getPath().equals("/token")) {
      return false;
    }
    boolean post = exchange.getRequestMethod().equals("POST");
    String basic = exchange.getRequestHeaders().getFirst("Authorization");
    if (post) {
      bodies.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
    } else if (getStatus != 200) {
      FakeRegistry.respond(exchange, getStatus, "");
      return true;
    } else if (!wantedBasic.isEmpty() && !wantedBasic.equals(basic)) {
      FakeRegistry.respond(exchange, 401, "{\"details\":\"incorrect username or password\"}");
      return true;
    }
    String token = "t" + issued.incrementAndGet();
    good.add("Bearer " + token);
    String field = post ? "access_token" : "token";
    FakeRegistry.respond(exchange, 200, "{\"" + field + "\":\"" + token + "\",\"expires_in\":300}");
    return true;
  }

  private boolean guard(HttpExchange exchange) throws IOException {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (authorization != null && good.contains(authorization)) {
      return false;
    }
    String error = authorization == null ? "" : ",error=\"invalid_token\"";
    exchange
        .getResponseHeaders()
        .set(
            "WWW-Authenticate",
            "Bearer realm=\""
                + registry.url()
                + "/token\",service=\"reg\",scope=\"repository:a:pull\""
                + error);
    FakeRegistry.respond(exchange, 401, "");
    return true;
  }

  private void resolve(CredentialSource source) throws IOException {
    ImageReference reference = ImageReference.parse(registry.host() + "/a:1");
    client.open(reference, source, RepositoryOptions.PULL).resolve(reference);
  }

  @Test
  void anonymousBuildsShareAToken() throws Exception {
    resolve(CredentialSource.anonymous());
    resolve(CredentialSource.anonymous());

    assertThat(registry.lines())
        .containsExactly(
            "HEAD /v2/a/manifests/1",
            "GET /token?service=reg&scope=repository:a:pull",
            "HEAD /v2/a/manifests/1",
            "HEAD /v2/a/manifests/1");
    assertThat(registry.authorizations()).containsExactly("", "", "Bearer t1", "Bearer t1");
  }

  @Test
  void tokensAreSharedOnlyWithTheSameCredentials() throws Exception {
    resolve(TestClients.user("u", "p"));
    resolve(TestClients.user("u", "p"));
    assertThat(issued).hasValue(1);

    resolve(TestClients.user("u", "other"));
    resolve(CredentialSource.anonymous());
    assertThat(issued).hasValue(3);
    assertThat(registry.authorizations()).contains("Basic dTpw");
  }

  @Test
  void refusedTokenIsReplacedOnce() throws Exception {
    resolve(CredentialSource.anonymous());
    good.clear();
    resolve(CredentialSource.anonymous());
    assertThat(issued).hasValue(2);
  }

  @Test
  void oauthIsTriedWhereGetIsRefused() throws Exception {
    getStatus = 404;
    resolve(TestClients.user("u", "p w"));
    assertThat(bodies)
        .containsExactly(
            "client_id=buildkit-client&grant_type=password&password=p+w&scope=repository%3Aa%3Apull&service=reg&username=u");
  }

  @Test
  void identityTokenGoesStraightToOauth() throws Exception {
    resolve(TestClients.user("", "refresh"));
    assertThat(bodies).hasSize(1);
    assertThat(bodies.getFirst()).contains("grant_type=refresh_token", "refresh_token=refresh");
    assertThat(registry.count("GET /token")).isZero();
  }

  @Test
  void refusedAnonymousTokenIsUnauthorized() {
    wantedBasic = "Basic x";
    assertThatThrownBy(() -> resolve(CredentialSource.anonymous()))
        .isInstanceOf(UnauthorizedException.class)
        .hasMessageContaining("could not fetch an anonymous token")
        .hasMessageContaining("incorrect username or password")
        .hasMessageContaining(
            "pull access denied, repository does not exist or may require authorization")
        .hasMessageEndingWith("authorization failed");
  }

  @Test
  void tokenThatDoesNotAllowIsUnauthorized() throws Exception {
    try (FakeRegistry strict = new FakeRegistry()) {
      strict.rule(this::tokenService);
      strict.rule(
          exchange -> {
            String error =
                exchange.getRequestHeaders().containsKey("Authorization")
                    ? ",error=\"insufficient_scope\""
                    : "";
            exchange
                .getResponseHeaders()
                .set(
                    "WWW-Authenticate",
                    "Bearer realm=\"" + strict.url() + "/token\",service=\"s\"" + error);
            FakeRegistry.respond(exchange, 401, "");
            return true;
          });
      ImageReference reference = ImageReference.parse(strict.host() + "/a:1");
      assertThatThrownBy(
              () ->
                  client
                      .open(reference, CredentialSource.anonymous(), RepositoryOptions.PULL)
                      .resolve(reference))
          .isInstanceOf(UnauthorizedException.class)
          .hasMessageEndingWith(
              "pull access denied, repository does not exist or may require authorization:"
                  + " server message: insufficient_scope: authorization failed");
      assertThat(strict.count("HEAD")).isEqualTo(2);
    }
  }

  @Test
  void failingClientIsNotAskedAgainAndAgain() {
    AtomicInteger asked = new AtomicInteger();
    CredentialSource broken =
        host -> {
          asked.incrementAndGet();
          throw new IOException("session is gone");
        };
    assertThatThrownBy(() -> resolve(broken))
        .isInstanceOf(UnauthorizedException.class)
        .hasMessageContaining(
            "could not get credentials for "
                + registry.host()
                + " from the client: session is gone");
    assertThat(asked).hasValue(1);
  }

  /** A client that fetches tokens itself. */
  private final class Authority implements CredentialSource {
    final KeyPair keys;
    final boolean signs;
    final List<TokenRequest> fetched = new CopyOnWriteArrayList<>();

    Authority(KeyPair keys, boolean signs) {
      this.keys = keys;
      this.signs = signs;
    }

    @Override
    public Credentials credentials(String host) throws IOException {
      throw new IOException("passwords stay here");
    }

    @Override
    public Optional<byte[]> tokenAuthority(String host, byte[] salt) {
      byte[] encoded = keys.getPublic().getEncoded();
      return Optional.of(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
    }

    @Override
    public Optional<byte[]> signWithAuthority(String host, byte[] payload, byte[] salt)
        throws IOException {
      if (!signs) {
        return Optional.empty();
      }
      try {
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(keys.getPrivate());
        signature.update(payload);
        byte[] signed = Arrays.copyOf(signature.sign(), 64 + payload.length);
        System.arraycopy(payload, 0, signed, 64, payload.length);
        return Optional.of(signed);
      } catch (GeneralSecurityException e) {
        throw new IOException(e);
      }
    }

    @Override
    public Token fetchToken(TokenRequest request) {
      fetched.add(request);
      String value = "c" + issued.incrementAndGet();
      good.add("Bearer " + value);
      return new Token(value, Instant.now(), Duration.ofMinutes(5));
    }
  }

  private static KeyPair keys() throws GeneralSecurityException {
    return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
  }

  @Test
  void clientsWithTheSameKeyShareTokensAndOthersDoNot() throws Exception {
    KeyPair keys = keys();
    Authority one = new Authority(keys, true);
    Authority same = new Authority(keys, true);
    Authority other = new Authority(keys(), true);
    Authority liar = new Authority(keys, false);

    resolve(one);
    resolve(same);
    resolve(other);
    resolve(liar);

    assertThat(one.fetched)
        .containsExactly(
            new TokenRequest(
                registry.host(), registry.url() + "/token", "reg", List.of("repository:a:pull")));
    assertThat(same.fetched).isEmpty();
    assertThat(other.fetched).hasSize(1);
    assertThat(liar.fetched).hasSize(1);
    assertThat(registry.count("GET /token")).isZero();
  }

  @Test
  void tokenIsUsedForNineTenthsOfItsLife() {
    Instant start = Instant.parse("2026-01-01T00:00:00Z");
    assertThat(Token.of("t", start, 100, start).usableUntil()).isEqualTo(start.plusSeconds(90));
    assertThat(Token.of("t", Instant.EPOCH, 0, start).usableUntil())
        .isEqualTo(start.plusSeconds(54));
  }
}
