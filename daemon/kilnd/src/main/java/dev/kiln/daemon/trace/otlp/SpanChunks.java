package dev.kiln.daemon.trace.otlp;

import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.List;

/** Cuts spans into pieces that collectors take: many refuse messages of more than 4 MiB. */
final class SpanChunks {
  /** Spans of one piece at most. */
  static final int SPANS = 512;

  /** Bytes after which a piece ends. */
  static final int BYTES = 1 << 20;

  private SpanChunks() {}

  /** The same spans in pieces, none of them empty. */
  static List<ResourceSpans> of(ResourceSpans spans) {
    if (count(spans) <= SPANS && spans.getSerializedSize() <= BYTES) {
      return count(spans) == 0 ? List.of() : List.of(spans);
    }
    List<ResourceSpans> out = new ArrayList<>();
    for (ScopeSpans scope : spans.getScopeSpansList()) {
      ScopeSpans.Builder piece = scope.toBuilder().clearSpans();
      int bytes = 0;
      for (Span span : scope.getSpansList()) {
        piece.addSpans(span);
        bytes += span.getSerializedSize();
        if (piece.getSpansCount() == SPANS || bytes >= BYTES) {
          out.add(spans.toBuilder().clearScopeSpans().addScopeSpans(piece).build());
          piece.clearSpans();
          bytes = 0;
        }
      }
      if (piece.getSpansCount() > 0) {
        out.add(spans.toBuilder().clearScopeSpans().addScopeSpans(piece).build());
      }
    }
    return out;
  }

  /** How many spans there are. */
  static int count(ResourceSpans spans) {
    return spans.getScopeSpansList().stream().mapToInt(ScopeSpans::getSpansCount).sum();
  }
}
