package dev.kiln.wire.attach;

import dev.kiln.wire.auth.FetchTokenRequest;
import dev.kiln.wire.auth.FetchTokenResponse;
import dev.kiln.wire.session.RemoteAuth.Credentials;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks a registry's token server for a bearer token: with a login by OAuth's POST first, then by
 * GET where the server does not know that; without one by GET (distribution spec, token
 * authentication).
 */
final class TokenFetch {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int DEFAULT_LIFETIME_S = 60;
  private static final int MAX_ERROR_CHARS = 500;

  /** Servers without the POST form answer so: 405 by the book, 404 and 401 seen in the field. */
  private static final Set<Integer> NO_POST = Set.of(401, 404, 405);

  private final HttpClient http;
  private final FetchTokenRequest request;
  private final Credentials login;

  TokenFetch(HttpClient http, FetchTokenRequest request, Credentials login) {
    this.http = http;
    this.request = request;
    this.login = login;
  }

  FetchTokenResponse run() throws IOException {
    try {
      if (login.secret().isEmpty()) {
        return token(send(get()), "anonymous token");
      }
      HttpResponse<byte[]> posted = send(post());
      boolean retry =
          NO_POST.contains(posted.statusCode())
              && (posted.statusCode() != 405 || !login.username().isEmpty());
      return token(retry ? send(get()) : posted, "oauth token");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("could not fetch a token from " + request.getRealm(), e);
    }
  }

  private HttpRequest get() {
    List<String> query = new ArrayList<>();
    if (!request.getService().isEmpty()) {
      query.add(pair("service", request.getService()));
    }
    request.getScopesList().forEach(scope -> query.add(pair("scope", scope)));
    String realm = request.getRealm();
    String join = query.isEmpty() ? "" : realm.contains("?") ? "&" : "?";
    var get = HttpRequest.newBuilder(URI.create(realm + join + String.join("&", query)));
    if (!login.secret().isEmpty()) {
      String user = login.username() + ":" + login.secret();
      get.header(
          "Authorization",
          "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8)));
    }
    return get.timeout(TIMEOUT).build();
  }

  private HttpRequest post() {
    List<String> form = new ArrayList<>();
    form.add(pair("client_id", "buildkit-client"));
    form.add(pair("service", request.getService()));
    if (request.getScopesCount() > 0) {
      form.add(pair("scope", String.join(" ", request.getScopesList())));
    }
    if (login.username().isEmpty()) {
      form.add(pair("grant_type", "refresh_token"));
      form.add(pair("refresh_token", login.secret()));
    } else {
      form.add(pair("grant_type", "password"));
      form.add(pair("username", login.username()));
      form.add(pair("password", login.secret()));
    }
    return HttpRequest.newBuilder(URI.create(request.getRealm()))
        .header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
        .timeout(TIMEOUT)
        .POST(HttpRequest.BodyPublishers.ofString(String.join("&", form)))
        .build();
  }

  private HttpResponse<byte[]> send(HttpRequest sent) throws IOException, InterruptedException {
    return http.send(sent, HttpResponse.BodyHandlers.ofByteArray());
  }

  private FetchTokenResponse token(HttpResponse<byte[]> response, String what) throws IOException {
    if (response.statusCode() / 100 != 2) {
      String text = new String(response.body(), StandardCharsets.UTF_8);
      throw new IOException(
          "failed to fetch "
              + what
              + ": unexpected status from "
              + request.getRealm()
              + ": "
              + response.statusCode()
              + ": "
              + text.substring(0, Math.min(text.length(), MAX_ERROR_CHARS)));
    }
    try {
      JsonNode answer = JsonMapper.shared().readTree(response.body());
      String token = answer.path("token").asString("");
      long lifetime = answer.path("expires_in").asLong(0);
      return FetchTokenResponse.newBuilder()
          .setToken(token.isEmpty() ? answer.path("access_token").asString("") : token)
          .setExpiresIn(lifetime == 0 ? DEFAULT_LIFETIME_S : lifetime)
          .setIssuedAt(seconds(answer.path("issued_at").asString("")))
          .build();
    } catch (JacksonException e) {
      throw new IOException(
          "failed to fetch " + what + ": " + request.getRealm() + " sent no JSON", e);
    }
  }

  private static long seconds(String time) {
    try {
      return time.isEmpty() ? 0 : Instant.parse(time).getEpochSecond();
    } catch (DateTimeParseException e) {
      return 0;
    }
  }

  private static String pair(String key, String value) {
    return key + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
