package dev.kiln.registry.client;

import dev.kiln.registry.host.Connections;
import dev.kiln.registry.host.Server;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * Sends one request and follows its redirects. Authorization goes to the registry's own server
 * only: a redirect to another host, port or scheme goes without.
 */
final class Exchange {
  private static final int MAX_REDIRECTS = 10;
  private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(2);

  /** An upload that is slower than this counts as dead. */
  private static final long SLOWEST_BYTES_PER_SECOND = 32 << 10;

  private final Connections connections;
  private final String userAgent;

  Exchange(Connections connections, String userAgent) {
    this.connections = connections;
    this.userAgent = userAgent;
  }

  /** Sends; where the server may lack TLS, that is found out here. */
  Answer send(Server server, RegistryCall<?> call, Optional<String> authorization)
      throws IOException {
    Server current = connections.current(server);
    try {
      return follow(current, call, authorization);
    } catch (SSLException | ConnectException | HttpTimeoutException e) {
      if (!current.fallsBackToHttp() || !saysNoTls(current, e)) {
        throw e;
      }
      connections.rememberHttpOnly(server);
      return follow(current.overHttp(), call, authorization);
    }
  }

  /** A named port that refuses connections refuses them without TLS as well. */
  private static boolean saysNoTls(Server server, IOException failure) {
    boolean refused =
        failure instanceof ConnectException && !(failure.getCause() instanceof SSLException);
    return !refused || !server.host().matches(".*:\\d+");
  }

  private Answer follow(Server server, RegistryCall<?> call, Optional<String> authorization)
      throws IOException {
    URI first = call.target().on(server);
    URI uri = first;
    String method = call.method();
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      boolean trusted = sameOrigin(origin(server), uri);
      HttpResponse<InputStream> response =
          once(server, call, method, uri, trusted ? authorization : Optional.empty());
      Optional<String> location = response.headers().firstValue("Location");
      if (!isRedirect(response.statusCode()) || location.isEmpty()) {
        return new Answer(server, uri, response.statusCode(), response.headers(), response.body());
      }
      response.body().close();
      uri = resolve(uri, location.get());
      if (response.statusCode() == 303 && !method.equals("HEAD")) {
        method = "GET";
      }
    }
    throw new IOException("gave up after " + MAX_REDIRECTS + " redirects from " + first.getHost());
  }

  private HttpResponse<InputStream> once(
      Server server, RegistryCall<?> call, String method, URI uri, Optional<String> authorization)
      throws IOException {
    boolean sendsBody = method.equals(call.method());
    RequestBody body = sendsBody ? call.body() : RequestBody.NONE;
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(uri)
            .method(method, body.publisher())
            .header("User-Agent", userAgent);
    call.headers().forEach(builder::header);
    if (!call.accept().isEmpty()) {
      builder.header("Accept", String.join(", ", call.accept()) + ", */*");
    }
    authorization.ifPresent(value -> builder.header("Authorization", value));
    builder.timeout(ANSWER_TIMEOUT.plusSeconds(body.length() / SLOWEST_BYTES_PER_SECOND));
    try {
      return connections
          .client(uri.getScheme(), server.settings())
          .send(builder.build(), HttpResponse.BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while asking " + uri.getHost());
    }
  }

  private static boolean isRedirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  }

  private static URI resolve(URI from, String location) throws IOException {
    try {
      URI to = from.resolve(location);
      if (to.getHost() == null
          || !("http".equals(to.getScheme()) || "https".equals(to.getScheme()))) {
        throw new IOException(
            "could not follow a redirect of " + from.getHost() + " to \"" + location + "\"");
      }
      return to;
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "could not follow a redirect of " + from.getHost() + " to \"" + location + "\"", e);
    }
  }

  private static URI origin(Server server) {
    return URI.create(server.scheme() + "://" + server.host() + "/");
  }

  /** Whether both addresses are served by one server; only there may a password go. */
  static boolean sameOrigin(URI one, URI other) {
    return one.getScheme().equalsIgnoreCase(other.getScheme())
        && one.getHost() != null
        && one.getHost().equalsIgnoreCase(other.getHost())
        && port(one) == port(other);
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return uri.getScheme().equalsIgnoreCase("https") ? 443 : 80;
  }
}
