package dev.kiln.daemon.trace.otlp;

import dev.kiln.daemon.trace.otlp.OtlpSettings.Identity;
import dev.kiln.daemon.trace.otlp.OtlpSettings.Protocol;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the standard environment variables of OpenTelemetry (SDK configuration; OTLP exporter
 * configuration). A variable for traces goes before the one for everything; an empty one is as good
 * as none. All methods throw IllegalArgumentException for what cannot be meant.
 */
public final class OtlpEnvironment {
  private static final String EXPORTER = "OTEL_TRACES_EXPORTER";
  private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
  private static final String TRACES_ENDPOINT = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
  private static final int GRPC_PORT = 4317;
  private static final int HTTP_PORT = 4318;
  private static final long TIMEOUT_MS = 10_000;

  private final Map<String, String> environment;

  public OtlpEnvironment(Map<String, String> environment) {
    this.environment = environment;
  }

  /** The collector that is configured, if there is one. */
  public Optional<OtlpSettings> collector() {
    String exporter = get(EXPORTER).orElse("");
    if (!exporter.isEmpty() && !exporter.equals("otlp") && !exporter.equals("none")) {
      throw new IllegalArgumentException(
          "unsupported opentelemetry exporter "
              + exporter
              + ": set "
              + EXPORTER
              + " to otlp or none");
    }
    boolean named =
        exporter.equals("otlp") || get(ENDPOINT).isPresent() || get(TRACES_ENDPOINT).isPresent();
    if (!named || exporter.equals("none") || flag("OTEL_SDK_DISABLED")) {
      return Optional.empty();
    }
    Protocol protocol = protocol();
    return Optional.of(
        new OtlpSettings(
            protocol,
            endpoint(protocol),
            pairs("HEADERS", otlp("HEADERS").orElse("")),
            timeout(),
            compressed(),
            otlp("CERTIFICATE").map(Path::of),
            identity(protocol)));
  }

  /** What describes this daemon in each span. */
  public Map<String, String> resource(String version) {
    Map<String, String> out = new LinkedHashMap<>();
    out.put("service.name", "kilnd");
    out.put("service.version", version);
    String name = "OTEL_RESOURCE_ATTRIBUTES";
    out.putAll(pairs(name, get(name).orElse("")));
    get("OTEL_SERVICE_NAME").ifPresent(service -> out.put("service.name", service));
    return out;
  }

  /** Whether mistakes in these variables are to be overlooked. */
  public boolean ignoresErrors() {
    return flag("OTEL_IGNORE_ERROR");
  }

  private boolean flag(String name) {
    String value = get(name).orElse("").toLowerCase(Locale.ROOT);
    return value.equals("true") || value.equals("1") || value.equals("t");
  }

  private Optional<String> get(String name) {
    return Optional.ofNullable(environment.get(name)).map(String::strip).filter(v -> !v.isEmpty());
  }

  private Optional<String> otlp(String setting) {
    return get("OTEL_EXPORTER_OTLP_TRACES_" + setting)
        .or(() -> get("OTEL_EXPORTER_OTLP_" + setting));
  }

  private Protocol protocol() {
    String protocol = otlp("PROTOCOL").orElse("grpc");
    return switch (protocol) {
      case "grpc" -> Protocol.GRPC;
      case "http/protobuf" -> Protocol.HTTP_PROTOBUF;
      default ->
          throw new IllegalArgumentException(
              "unsupported otlp protocol " + protocol + ": choose grpc or http/protobuf");
    };
  }

  private URI endpoint(Protocol protocol) {
    Optional<String> ofTraces = get(TRACES_ENDPOINT);
    if (protocol == Protocol.GRPC) {
      return grpcEndpoint(ofTraces.or(() -> get(ENDPOINT)).orElse("http://localhost:" + GRPC_PORT));
    }
    if (ofTraces.isPresent()) {
      URI uri = httpEndpoint(ofTraces.get());
      return uri.getRawPath().isEmpty() ? uri.resolve("/") : uri;
    }
    String base = get(ENDPOINT).orElse("http://localhost:" + HTTP_PORT);
    return httpEndpoint(base + (base.endsWith("/") ? "" : "/") + "v1/traces");
  }

  private static URI httpEndpoint(String text) {
    URI uri = parse(text);
    String scheme = uri.getScheme();
    if (uri.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
      throw wrongEndpoint(text, "write http://host:port or https://host:port");
    }
    return uri;
  }

  private URI grpcEndpoint(String text) {
    boolean plain = otlp("INSECURE").orElse("").equalsIgnoreCase("true");
    URI uri = parse(text.contains("://") ? text : (plain ? "http://" : "https://") + text);
    if ("unix".equals(uri.getScheme()) && uri.getPath() != null && !uri.getPath().isEmpty()) {
      return uri;
    }
    if (uri.getHost() == null
        || !("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
      throw wrongEndpoint(text, "write http://host:port, https://host:port or unix:///path");
    }
    return uri.getPort() >= 0
        ? uri
        : URI.create(uri.getScheme() + "://" + uri.getHost() + ":" + GRPC_PORT);
  }

  private static URI parse(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      throw wrongEndpoint(text, "write http://host:port or https://host:port");
    }
  }

  private static IllegalArgumentException wrongEndpoint(String text, String remedy) {
    return new IllegalArgumentException(
        "could not understand the otlp endpoint " + text + ": " + remedy);
  }

  private Duration timeout() {
    String text = otlp("TIMEOUT").orElse(Long.toString(TIMEOUT_MS));
    try {
      long millis = Long.parseLong(text);
      if (millis > 0) {
        return Duration.ofMillis(millis);
      }
    } catch (NumberFormatException e) {
      throw wrongTimeout(text);
    }
    throw wrongTimeout(text);
  }

  private static IllegalArgumentException wrongTimeout(String text) {
    return new IllegalArgumentException(
        "could not understand the otlp timeout " + text + ": write milliseconds, such as 10000");
  }

  private boolean compressed() {
    String compression = otlp("COMPRESSION").orElse("none");
    return switch (compression) {
      case "gzip" -> true;
      case "none" -> false;
      default ->
          throw new IllegalArgumentException(
              "unsupported otlp compression " + compression + ": choose gzip or none");
    };
  }

  private Optional<Identity> identity(Protocol protocol) {
    Optional<String> certificate = otlp("CLIENT_CERTIFICATE");
    Optional<String> key = otlp("CLIENT_KEY");
    if (certificate.isEmpty() && key.isEmpty()) {
      return Optional.empty();
    }
    if (certificate.isEmpty() || key.isEmpty()) {
      throw new IllegalArgumentException(
          "could not set up TLS to the collector: a client certificate and its key go together");
    }
    if (protocol != Protocol.GRPC) {
      throw new IllegalArgumentException(
          "could not set up TLS to the collector: client certificates need the protocol grpc");
    }
    return Optional.of(new Identity(Path.of(certificate.get()), Path.of(key.get())));
  }

  /** {@code key=value} pairs with commas between, values percent-encoded (W3C Baggage). */
  private static Map<String, String> pairs(String name, String text) {
    Map<String, String> out = new LinkedHashMap<>();
    for (String pair : text.split(",", -1)) {
      if (pair.isBlank()) {
        continue;
      }
      int equals = pair.indexOf('=');
      if (equals <= 0 || pair.substring(0, equals).isBlank()) {
        throw new IllegalArgumentException(
            "could not understand the opentelemetry " + name + ": write key=value,key=value");
      }
      out.put(decoded(name, pair.substring(0, equals)), decoded(name, pair.substring(equals + 1)));
    }
    return out;
  }

  private static String decoded(String name, String text) {
    try {
      return URLDecoder.decode(text.strip().replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "could not understand the opentelemetry " + name + ": a % begins two hexadecimal digits",
          e);
    }
  }
}
