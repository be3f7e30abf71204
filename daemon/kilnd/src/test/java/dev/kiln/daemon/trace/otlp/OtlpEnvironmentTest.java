package dev.kiln.daemon.trace.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.daemon.trace.otlp.OtlpSettings.Protocol;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OtlpEnvironmentTest {
  private static final String PREFIX = "OTEL_EXPORTER_OTLP_";

  private static OtlpSettings read(Map<String, String> environment) {
    return new OtlpEnvironment(environment).collector().orElseThrow();
  }

  @Test
  void withoutAnEndpointThereIsNoCollector() {
    assertThat(new OtlpEnvironment(Map.of()).collector()).isEmpty();
    assertThat(new OtlpEnvironment(Map.of(PREFIX + "ENDPOINT", " ")).collector()).isEmpty();
  }

  @Test
  void anEndpointIsEnough() {
    OtlpSettings settings = read(Map.of(PREFIX + "ENDPOINT", "http://collector:4317"));
    assertThat(settings.protocol()).isEqualTo(Protocol.GRPC);
    assertThat(settings.endpoint()).hasToString("http://collector:4317");
    assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.gzip()).isFalse();
    assertThat(settings.headers()).isEmpty();
  }

  @Test
  void collectionCanBeTurnedOff() {
    String endpoint = PREFIX + "ENDPOINT";
    assertThat(
            new OtlpEnvironment(Map.of(endpoint, "http://c", "OTEL_TRACES_EXPORTER", "none"))
                .collector())
        .isEmpty();
    assertThat(
            new OtlpEnvironment(Map.of(endpoint, "http://c", "OTEL_SDK_DISABLED", "true"))
                .collector())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "grpc, , , http://localhost:4317",
    "http/protobuf, , , http://localhost:4318/v1/traces",
    "grpc, https://c, , https://c:4317",
    "grpc, c:99, , https://c:99",
    "grpc, unix:///run/c.sock, , unix:///run/c.sock",
    "http/protobuf, http://c:99, , http://c:99/v1/traces",
    "http/protobuf, http://c:99/base/, , http://c:99/base/v1/traces",
    "http/protobuf, http://c:99, http://d:98/own, http://d:98/own",
    "http/protobuf, http://c:99, http://d:98, http://d:98/",
    "grpc, http://c:99, http://d:98, http://d:98",
  })
  void endpointsAreFound(String protocol, String general, String ofTraces, String expected) {
    OtlpSettings settings =
        read(
            Map.of(
                "OTEL_TRACES_EXPORTER",
                "otlp",
                PREFIX + "PROTOCOL",
                protocol,
                PREFIX + "ENDPOINT",
                general == null ? "" : general,
                PREFIX + "TRACES_ENDPOINT",
                ofTraces == null ? "" : ofTraces));
    assertThat(settings.endpoint()).hasToString(expected);
  }

  @Test
  void aHostWithoutSchemeIsPlainOnRequest() {
    assertThat(read(Map.of(PREFIX + "ENDPOINT", "c:99", PREFIX + "INSECURE", "true")).endpoint())
        .hasToString("http://c:99");
  }

  @Test
  void whatIsForTracesGoesFirst() {
    OtlpSettings settings =
        read(
            Map.ofEntries(
                Map.entry(PREFIX + "ENDPOINT", "https://c"),
                Map.entry(PREFIX + "HEADERS", "a=1"),
                Map.entry(PREFIX + "TRACES_HEADERS", "b=two%20words, c=d=e+f"),
                Map.entry(PREFIX + "TIMEOUT", "1"),
                Map.entry(PREFIX + "TRACES_TIMEOUT", "2500"),
                Map.entry(PREFIX + "COMPRESSION", "gzip"),
                Map.entry(PREFIX + "CERTIFICATE", "/ca.pem"),
                Map.entry(PREFIX + "CLIENT_CERTIFICATE", "/c.pem"),
                Map.entry(PREFIX + "CLIENT_KEY", "/k.pem")));
    assertThat(settings.headers()).isEqualTo(Map.of("b", "two words", "c", "d=e+f"));
    assertThat(settings.timeout()).isEqualTo(Duration.ofMillis(2500));
    assertThat(settings.gzip()).isTrue();
    assertThat(settings.authority()).contains(Path.of("/ca.pem"));
    assertThat(settings.identity())
        .contains(new OtlpSettings.Identity(Path.of("/c.pem"), Path.of("/k.pem")));
  }

  @ParameterizedTest
  @CsvSource({
    "OTEL_TRACES_EXPORTER, zipkin, unsupported opentelemetry exporter zipkin",
    "OTEL_EXPORTER_OTLP_PROTOCOL, http/json, unsupported otlp protocol http/json",
    "OTEL_EXPORTER_OTLP_ENDPOINT, ftp://c, could not understand the otlp endpoint ftp://c",
    "OTEL_EXPORTER_OTLP_ENDPOINT, 'http://c d', could not understand the otlp endpoint",
    "OTEL_EXPORTER_OTLP_TIMEOUT, 10s, could not understand the otlp timeout 10s",
    "OTEL_EXPORTER_OTLP_TIMEOUT, 0, could not understand the otlp timeout 0",
    "OTEL_EXPORTER_OTLP_COMPRESSION, zstd, unsupported otlp compression zstd",
    "OTEL_EXPORTER_OTLP_HEADERS, secret, could not understand the opentelemetry HEADERS",
    "OTEL_EXPORTER_OTLP_HEADERS, a=%zz, could not understand the opentelemetry HEADERS",
    "OTEL_EXPORTER_OTLP_CLIENT_KEY, /k.pem, could not set up TLS to the collector",
  })
  void whatCannotBeMeantIsSaid(String name, String value, String error) {
    Map<String, String> environment =
        new java.util.HashMap<>(Map.of("OTEL_TRACES_EXPORTER", "otlp"));
    environment.put(name, value);
    assertThatThrownBy(() -> new OtlpEnvironment(environment).collector())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(error)
        .hasMessageNotContaining("secret");
  }

  @Test
  void theDaemonIsDescribed() {
    assertThat(new OtlpEnvironment(Map.of()).resource("1"))
        .isEqualTo(Map.of("service.name", "kilnd", "service.version", "1"));
    assertThat(
            new OtlpEnvironment(
                    Map.of(
                        "OTEL_RESOURCE_ATTRIBUTES", "service.name=x,host.name=h%2C1",
                        "OTEL_SERVICE_NAME", "builder"))
                .resource("1"))
        .isEqualTo(Map.of("service.name", "builder", "service.version", "1", "host.name", "h,1"));
  }
}
