package dev.kiln.daemon.trace;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.HexFormat;
import java.util.List;

/** Spans for tests. */
public final class Spans {
  private Spans() {}

  /** A span with ids given in hexadecimal digits. */
  public static Span span(String trace, String id, String name) {
    return Span.newBuilder().setTraceId(bytes(trace)).setSpanId(bytes(id)).setName(name).build();
  }

  /** Spans of one resource and scope. */
  public static ResourceSpans resource(List<Span> spans) {
    return ResourceSpans.newBuilder()
        .addScopeSpans(ScopeSpans.newBuilder().addAllSpans(spans))
        .build();
  }

  /** The names, in order. */
  public static List<String> names(ResourceSpans spans) {
    return spans.getScopeSpansList().stream()
        .flatMap(scope -> scope.getSpansList().stream())
        .map(Span::getName)
        .toList();
  }

  private static ByteString bytes(String hex) {
    return ByteString.copyFrom(HexFormat.of().parseHex(hex));
  }
}
