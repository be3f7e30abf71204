package dev.kiln.registry.auth;

import dev.kiln.registry.host.Connections;
import dev.kiln.registry.host.HostSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks a registry's token service for tokens: GET with basic authentication first, since Docker Hub
 * knows nothing else, then the OAuth2 form where the service refuses that. Source: the
 * "distribution" project's token authentication documents.
 */
final class TokenService {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int MAX_ANSWER_BYTES = 1 << 20;
  private static final int MAX_SHOWN_CHARS = 200;
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final Connections connections;
  private final HostSettings settings;
  private final SharedAuth shared;

  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  private record Answer(int status, byte[] body) {}

  TokenService(Connections connections, HostSettings settings, SharedAuth shared) {
    this.connections = connections;
    this.settings = settings;
    this.shared = shared;
  }

  Token fetch(TokenRequest request, Credentials credentials) throws IOException {
    if (credentials.username().isEmpty() && !credentials.isAnonymous()) {
      return read(request, post(request, credentials), "fetch an oauth token");
    }
    Answer answer = get(request, credentials);
    boolean refused = answer.status() == 401 || answer.status() == 404 || answer.status() == 405;
    if (refused && !credentials.isAnonymous()) {
      return read(request, post(request, credentials), "fetch an oauth token");
    }
    String what = credentials.isAnonymous() ? "fetch an anonymous token" : "fetch a token";
    return read(request, answer, what);
  }

  private Answer get(TokenRequest request, Credentials credentials) throws IOException {
    List<String> query = new ArrayList<>();
    if (!request.service().isEmpty()) {
      query.add("service=" + encode(request.service()));
    }
    request.scopes().forEach(scope -> query.add("scope=" + encode(scope)));
    String joiner = request.realm().contains("?") ? "&" : "?";
    String address = request.realm() + (query.isEmpty() ? "" : joiner + String.join("&", query));
    HttpRequest.Builder builder = builder(address).GET();
    if (!credentials.isAnonymous()) {
      builder.header("Authorization", basic(credentials));
    }
    return send(request, builder);
  }

  private Answer post(TokenRequest request, Credentials credentials) throws IOException {
    Map<String, String> form = new TreeMap<>();
    form.put("client_id", TokenRequest.CLIENT_ID);
    form.put("service", request.service());
    form.put("scope", String.join(" ", request.scopes()));
    if (credentials.username().isEmpty()) {
      form.put("grant_type", "refresh_token");
      form.put("refresh_token", credentials.secret());
    } else {
      form.put("grant_type", "password");
      form.put("username", credentials.username());
      form.put("password", credentials.secret());
    }
    List<String> fields = new ArrayList<>();
    form.forEach((name, value) -> fields.add(name + "=" + encode(value)));
    return send(
        request,
        builder(request.realm())
            .header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
            .POST(HttpRequest.BodyPublishers.ofString(String.join("&", fields))));
  }

  private static HttpRequest.Builder builder(String address) throws IOException {
    try {
      return HttpRequest.newBuilder(URI.create(address)).timeout(TIMEOUT);
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "could not fetch a token: the registry names the realm \"" + address + "\"", e);
    }
  }

  private Answer send(TokenRequest request, HttpRequest.Builder builder) throws IOException {
    HttpRequest http = builder.build();
    try {
      HttpResponse<InputStream> response =
          connections
              .client(http.uri().getScheme(), settings)
              .send(http, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        return new Answer(response.statusCode(), body.readNBytes(MAX_ANSWER_BYTES));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new java.io.InterruptedIOException(
          "interrupted while fetching a token for " + request.host());
    }
  }

  private Token read(TokenRequest request, Answer answer, String what) throws IOException {
    String where = " for " + request.host() + " from " + request.realm();
    if (answer.status() == 401 || answer.status() == 403) {
      throw new AuthorizationException(
          "could not " + what + where + ": it answered " + answer.status() + shown(answer));
    }
    if (answer.status() < 200 || answer.status() > 299) {
      throw new IOException(
          "could not " + what + where + ": it answered " + answer.status() + shown(answer));
    }
    try {
      JsonNode json = MAPPER.readTree(answer.body());
      String value = json.path("token").asString("");
      String token = value.isEmpty() ? json.path("access_token").asString("") : value;
      if (token.isEmpty()) {
        throw new IOException("could not " + what + where + ": the answer holds no token");
      }
      Instant issued = instant(json.path("issued_at").asString(""));
      return Token.of(token, issued, json.path("expires_in").asLong(0), shared.clock().instant());
    } catch (JacksonException e) {
      throw new IOException("could not " + what + where + ": the answer is no JSON", e);
    }
  }

  private static String shown(Answer answer) {
    String text = new String(answer.body(), StandardCharsets.UTF_8).strip();
    boolean readable = !text.isEmpty() && !text.startsWith("<");
    return readable ? " (" + text.substring(0, Math.min(text.length(), MAX_SHOWN_CHARS)) + ")" : "";
  }

  private static Instant instant(String text) {
    try {
      return text.isEmpty() ? Instant.EPOCH : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      return Instant.EPOCH;
    }
  }

  static String basic(Credentials credentials) {
    String pair = credentials.username() + ":" + credentials.secret();
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
