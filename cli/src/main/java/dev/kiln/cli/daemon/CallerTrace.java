package dev.kiln.cli.daemon;

import io.grpc.Metadata;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The span of the program that runs this command, as the environment names it ({@code TRACEPARENT}
 * and {@code TRACESTATE}, W3C Trace Context), handed on with each call. Stateless.
 */
final class CallerTrace {
  private static final List<String> HEADERS = List.of("traceparent", "tracestate");

  private CallerTrace() {}

  /** The headers to send; none without a span. What no header can hold is left out. */
  static Metadata headers(Map<String, String> environment) {
    Metadata headers = new Metadata();
    for (String name : HEADERS) {
      String value = environment.getOrDefault(name.toUpperCase(Locale.ROOT), "");
      if (!value.isEmpty() && value.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
        headers.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
      }
    }
    return headers;
  }
}
