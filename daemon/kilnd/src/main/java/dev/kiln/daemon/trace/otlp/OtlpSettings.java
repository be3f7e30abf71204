package dev.kiln.daemon.trace.otlp;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Which collector to send spans to, and how.
 *
 * @param endpoint {@code http}, {@code https} or (for gRPC) {@code unix}; for HTTP with the full
 *     path
 * @param headers sent with each request
 * @param timeout how long one request may take
 * @param gzip whether requests are compressed
 * @param authority PEM file of the authority that signed the collector's certificate, instead of
 *     the system's
 * @param identity what the daemon shows a collector that asks for a certificate
 */
public record OtlpSettings(
    Protocol protocol,
    URI endpoint,
    Map<String, String> headers,
    Duration timeout,
    boolean gzip,
    Optional<Path> authority,
    Optional<Identity> identity) {

  public OtlpSettings {
    headers = Map.copyOf(headers);
  }

  /** How spans travel. */
  public enum Protocol {
    GRPC,
    HTTP_PROTOBUF
  }

  /** PEM files of a certificate and its key. */
  public record Identity(Path certificate, Path key) {}
}
