package dev.kiln.cli.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CallerTraceTest {
  private static String header(Metadata headers, String name) {
    return headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
  }

  @Test
  void theEnvironmentNamesTheCallersSpan() {
    Metadata headers = CallerTrace.headers(Map.of("TRACEPARENT", "00-a-b-01", "TRACESTATE", "x=1"));
    assertThat(header(headers, "traceparent")).isEqualTo("00-a-b-01");
    assertThat(header(headers, "tracestate")).isEqualTo("x=1");
  }

  @Test
  void withoutASpanNothingIsSent() {
    assertThat(CallerTrace.headers(Map.of("TRACEPARENT", "")).keys()).isEmpty();
    assertThat(CallerTrace.headers(Map.of("TRACEPARENT", "a\nb")).keys()).isEmpty();
  }
}
