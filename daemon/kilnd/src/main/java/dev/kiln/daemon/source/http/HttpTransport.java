package dev.kiln.daemon.source.http;

import dev.kiln.registry.host.EnvironmentProxies;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes requests like a browser would: follows redirects, takes compressed answers, goes through
 * the proxies of the environment. Safe for use by many threads.
 */
final class HttpTransport {
  private static final int MAX_REDIRECTS = 10;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final Set<String> SECRETS = Set.of("Authorization", "Cookie");

  private @Nullable HttpClient client;

  /**
   * An answer; closing it drops the connection if the body was not read.
   *
   * @param body decompressed
   */
  record Answer(int status, HttpHeaders headers, InputStream body) implements AutoCloseable {
    @Nullable String header(String name) {
      return headers.firstValue(name).orElse(null);
    }

    @Override
    public void close() throws IOException {
      body.close();
    }
  }

  private synchronized HttpClient client() {
    HttpClient made = client;
    if (made == null) {
      // Made late, as reading the system's certificates takes long.
      made =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .followRedirects(HttpClient.Redirect.NEVER)
              .connectTimeout(CONNECT_TIMEOUT)
              .proxy(new EnvironmentProxies(System.getenv()))
              .executor(Executors.newVirtualThreadPerTaskExecutor())
              .build();
      client = made;
    }
    return made;
  }

  /**
   * Sends a request without body.
   *
   * @throws IOException when there is no answer, or too many redirects
   */
  Answer send(String method, String url, Map<String, String> headers)
      throws IOException, InterruptedException {
    URI first = HttpUrls.uri(url);
    URI at = first;
    Map<String, String> sent = new LinkedHashMap<>(headers);
    sent.put("Accept-Encoding", "gzip");
    for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
      HttpResponse<InputStream> response = once(method, at, sent);
      String location = response.headers().firstValue("Location").orElse(null);
      if (!REDIRECTS.contains(response.statusCode()) || location == null) {
        return answer(method, response);
      }
      response.body().close();
      at = at.resolve(HttpUrls.uri(location));
      if (!staysAt(first, at)) {
        sent.keySet().removeAll(SECRETS);
      }
    }
    throw new IOException("could not get " + url + ": stopped after 10 redirects");
  }

  private HttpResponse<InputStream> once(String method, URI uri, Map<String, String> headers)
      throws IOException, InterruptedException {
    if (!"http".equals(uri.getScheme()) && !"https".equals(uri.getScheme())) {
      throw new IOException("could not get " + uri + ": unsupported protocol scheme");
    }
    HttpRequest.Builder request;
    try {
      request = HttpRequest.newBuilder(HttpUrls.withoutUser(uri));
    } catch (IllegalArgumentException e) {
      throw new IOException("could not get " + uri + ": " + e.getMessage(), e);
    }
    request.method(method, HttpRequest.BodyPublishers.noBody());
    if (uri.getUserInfo() != null && !headers.containsKey("Authorization")) {
      byte[] user = uri.getUserInfo().getBytes(StandardCharsets.UTF_8);
      request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(user));
    }
    headers.forEach(request::setHeader);
    try {
      return client().send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    } catch (IOException e) {
      String why = why(e);
      throw new IOException("could not get " + HttpUrls.withoutUser(uri) + ": " + why, e);
    }
  }

  /**
   * The innermost cause that says something: the client wraps refused connections without a word.
   */
  private static String why(IOException failure) {
    String why = failure instanceof ConnectException ? "could not connect" : "it broke off";
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      why = cause.getMessage() == null ? why : cause.getMessage();
    }
    return why;
  }

  private static Answer answer(String method, HttpResponse<InputStream> response)
      throws IOException {
    InputStream body = response.body();
    boolean compressed =
        response.headers().firstValue("Content-Encoding").orElse("").equalsIgnoreCase("gzip");
    // Without content there is nothing to decompress, whatever the header says.
    if (compressed && method.equals("GET") && response.statusCode() == 200) {
      body = new GZIPInputStream(body);
    }
    return new Answer(response.statusCode(), response.headers(), body);
  }

  private static boolean staysAt(URI first, URI next) {
    String from = String.valueOf(first.getHost());
    String to = String.valueOf(next.getHost());
    return to.equalsIgnoreCase(from) || to.endsWith("." + from);
  }
}
