package dev.kiln.registry.testing;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kiln.snapshotter.content.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A registry in memory, over real HTTP on a loopback port. Every request is written down; rules may
 * answer before the registry does, to make trouble.
 */
public final class FakeRegistry implements AutoCloseable {
  private static final Pattern ROUTE = Pattern.compile("/v2/(.+)/(manifests|blobs|referrers)/(.*)");

  /** A request as it came in. */
  public record Seen(String method, String path, String query, Headers headers) {
    /** Method, path and query in one line. */
    public String line() {
      return method + " " + path + (query.isEmpty() ? "" : "?" + query);
    }

    /** A header or the empty string. */
    public String header(String name) {
      String value = headers.getFirst(name);
      return value == null ? "" : value;
    }
  }

  /** May answer a request; returns whether it did. */
  @FunctionalInterface
  public interface Rule {
    boolean answer(HttpExchange exchange) throws IOException;
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Document(String mediaType, byte[] bytes) {}

  public final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final List<Rule> rules = new CopyOnWriteArrayList<>();
  private final Map<String, Document> manifests = new ConcurrentHashMap<>();
  private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
  private final AtomicInteger uploads = new AtomicInteger();
  private final HttpServer server;

  public FakeRegistry() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  /** Host and port. */
  public String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  public String url() {
    return "http://" + host();
  }

  public void rule(Rule rule) {
    rules.add(rule);
  }

  /** Answers the first requests whose line has the given beginning with a status. */
  public void failFirst(int times, String beginning, int status, String... headers) {
    AtomicInteger left = new AtomicInteger(times);
    rule(
        exchange -> {
          if (!line(exchange).startsWith(beginning) || left.getAndDecrement() <= 0) {
            return false;
          }
          for (int i = 0; i < headers.length; i += 2) {
            exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
          }
          respond(
              exchange,
              status,
              "{\"errors\":[{\"code\":\"TROUBLE\",\"message\":\"some trouble\"}]}");
          return true;
        });
  }

  public Digest putBlob(String repository, byte[] bytes) {
    Digest digest = Digest.of(bytes);
    blobs.put(repository + "@" + digest, bytes);
    return digest;
  }

  public Digest putManifest(String repository, String tag, String mediaType, String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    Digest digest = Digest.of(bytes);
    manifests.put(repository + "@" + digest, new Document(mediaType, bytes));
    if (!tag.isEmpty()) {
      manifests.put(repository + "@" + tag, new Document(mediaType, bytes));
    }
    return digest;
  }

  public boolean hasBlob(String repository, Digest digest) {
    return blobs.containsKey(repository + "@" + digest);
  }

  public boolean hasManifest(String repository, String object) {
    return manifests.containsKey(repository + "@" + object);
  }

  public List<String> lines() {
    return seen.stream().map(Seen::line).toList();
  }

  public long count(String beginning) {
    return lines().stream().filter(line -> line.startsWith(beginning)).count();
  }

  private static String line(HttpExchange exchange) {
    return exchange.getRequestMethod() + " " + exchange.getRequestURI();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String query = exchange.getRequestURI().getQuery();
    seen.add(
        new Seen(
            exchange.getRequestMethod(),
            exchange.getRequestURI().getPath(),
            query == null ? "" : query,
            exchange.getRequestHeaders()));
    try (exchange) {
      for (Rule rule : rules) {
        if (rule.answer(exchange)) {
          return;
        }
      }
      route(exchange);
    }
  }

  private void route(HttpExchange exchange) throws IOException {
    Matcher route = ROUTE.matcher(exchange.getRequestURI().getPath());
    if (!route.matches()) {
      respond(exchange, 404, "");
      return;
    }
    String repository = route.group(1);
    String object = route.group(3);
    boolean upload = route.group(2).equals("blobs") && object.startsWith("uploads/");
    if (upload) {
      upload(exchange, repository);
    } else if (route.group(2).equals("manifests")) {
      manifest(exchange, repository, object);
    } else if (route.group(2).equals("blobs")) {
      blob(exchange, repository, object);
    } else {
      respond(exchange, 404, "");
    }
  }

  private void manifest(HttpExchange exchange, String repository, String object)
      throws IOException {
    if (exchange.getRequestMethod().equals("PUT")) {
      byte[] bytes = exchange.getRequestBody().readAllBytes();
      String tag = object.contains(":") ? "" : object;
      String type = exchange.getRequestHeaders().getFirst("Content-Type");
      putManifest(repository, tag, type, new String(bytes, StandardCharsets.UTF_8));
      respond(exchange, 201, "");
      return;
    }
    Document found = manifests.get(repository + "@" + object);
    if (found == null) {
      respond(
          exchange,
          404,
          "{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\",\"message\":\"manifest unknown\"}]}");
      return;
    }
    exchange.getResponseHeaders().set("Content-Type", found.mediaType());
    exchange.getResponseHeaders().set("Docker-Content-Digest", Digest.of(found.bytes()).toString());
    send(exchange, 200, found.bytes());
  }

  private void blob(HttpExchange exchange, String repository, String digest) throws IOException {
    byte[] bytes = blobs.get(repository + "@" + digest);
    if (bytes == null) {
      respond(
          exchange,
          404,
          "{\"errors\":[{\"code\":\"BLOB_UNKNOWN\",\"message\":\"blob unknown to registry\"}]}");
      return;
    }
    sendFrom(exchange, bytes);
  }

  /** Sends bytes, from where a Range header asks for them. */
  public static void sendFrom(HttpExchange exchange, byte[] bytes) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    if (range == null) {
      send(exchange, 200, bytes);
      return;
    }
    int from = Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
    exchange
        .getResponseHeaders()
        .set("Content-Range", "bytes " + from + "-" + (bytes.length - 1) + "/" + bytes.length);
    send(exchange, 206, java.util.Arrays.copyOfRange(bytes, from, bytes.length));
  }

  private void upload(HttpExchange exchange, String repository) throws IOException {
    Map<String, String> query = query(exchange);
    if (exchange.getRequestMethod().equals("POST")) {
      byte[] other = blobs.get(query.get("from") + "@" + query.get("mount"));
      if (other != null) {
        blobs.put(repository + "@" + query.get("mount"), other);
        respond(exchange, 201, "");
        return;
      }
      String location =
          "/v2/" + repository + "/blobs/uploads/" + uploads.incrementAndGet() + "?_state=x";
      exchange.getResponseHeaders().set("Location", location);
      respond(exchange, 202, "");
      return;
    }
    byte[] bytes = exchange.getRequestBody().readAllBytes();
    Digest digest = Digest.of(bytes);
    if (!digest.toString().equals(query.get("digest"))) {
      respond(exchange, 400, "{\"errors\":[{\"code\":\"DIGEST_INVALID\"}]}");
      return;
    }
    blobs.put(repository + "@" + digest, bytes);
    respond(exchange, 201, "");
  }

  public static Map<String, String> query(HttpExchange exchange) {
    Map<String, String> out = new ConcurrentHashMap<>();
    String query = exchange.getRequestURI().getQuery();
    for (String pair : query == null ? new String[0] : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      out.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    return out;
  }

  public static void respond(HttpExchange exchange, int status, String body) throws IOException {
    send(exchange, status, body.getBytes(StandardCharsets.UTF_8));
  }

  public static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    exchange.getRequestBody().readAllBytes();
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }

  /** Promises all bytes, sends some, and breaks the connection. */
  public static void breakAfter(HttpExchange exchange, byte[] body, int bytes) throws IOException {
    exchange.sendResponseHeaders(
        exchange.getRequestHeaders().containsKey("Range") ? 206 : 200, body.length);
    exchange.getResponseBody().write(body, 0, bytes);
    exchange.getResponseBody().flush();
    exchange.close();
  }

  public List<String> authorizations() {
    List<String> out = new ArrayList<>();
    seen.forEach(request -> out.add(request.header("Authorization")));
    return out;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
