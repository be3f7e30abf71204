package dev.kiln.daemon.trace;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.kiln.daemon.progress.ProgressLog;
import dev.kiln.wire.control.StatusResponse;
import dev.kiln.wire.control.Vertex;
import dev.kiln.wire.control.VertexStatus;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A build's course as spans: below the span of the build one for each vertex that began, and below
 * that one for each of its parts (the pull of a layer, a transfer from the client, an export, a
 * push). A vertex that ran in two pieces has one span from the begin of the first to the end of the
 * last. For one thread.
 */
final class BuildSpans {
  /** More spans of one build are left out. */
  static final int MAX_SPANS = 10_000;

  private final TraceContext build;
  private final Map<String, Vertex> vertices = new LinkedHashMap<>();
  private final Map<List<String>, VertexStatus> parts = new LinkedHashMap<>();

  private BuildSpans(TraceContext build) {
    this.build = build;
  }

  /**
   * The spans of vertices and their parts.
   *
   * @param build the place of the build's own span
   * @param progress what the build reported, ended
   */
  static List<Span> of(TraceContext build, ProgressLog progress) throws InterruptedException {
    BuildSpans spans = new BuildSpans(build);
    ProgressLog.Reader reader = progress.read();
    for (StatusResponse next = reader.next(); next != null; next = reader.next()) {
      next.getVertexesList().forEach(spans::vertex);
      next.getStatusesList()
          .forEach(part -> spans.parts.put(List.of(part.getVertex(), part.getID()), part));
    }
    return spans.list();
  }

  private void vertex(Vertex report) {
    vertices.merge(
        report.getDigest(),
        report,
        (before, now) ->
            before.hasStarted()
                    && now.hasStarted()
                    && Timestamps.compare(before.getStarted(), now.getStarted()) < 0
                ? now.toBuilder().setStarted(before.getStarted()).build()
                : now);
  }

  private List<Span> list() {
    List<Span> out = new ArrayList<>();
    for (Vertex vertex : vertices.values()) {
      if (vertex.hasStarted() && vertex.hasCompleted() && out.size() < MAX_SPANS) {
        out.add(span(vertex));
      }
    }
    for (VertexStatus part : parts.values()) {
      if (part.hasStarted() && part.hasCompleted() && out.size() < MAX_SPANS) {
        out.add(span(part));
      }
    }
    return out;
  }

  private Span span(Vertex vertex) {
    Span.Builder out =
        span(
            build.child(vertex.getDigest()),
            build,
            vertex.getName(),
            vertex.getStarted(),
            vertex.getCompleted());
    out.addAttributes(Attributes.of("vertex", vertex.getDigest()));
    out.addAttributes(Attributes.of("vertex.cached", vertex.getCached()));
    if (vertex.getInputsCount() > 0) {
      out.addAttributes(Attributes.of("vertex.inputs", vertex.getInputsList()));
    }
    fail(out, vertex.getError());
    return out.build();
  }

  private Span span(VertexStatus part) {
    TraceContext vertex = build.child(part.getVertex());
    TraceContext parent = vertices.containsKey(part.getVertex()) ? vertex : build;
    Span.Builder out =
        span(
            vertex.child(part.getID()),
            parent,
            part.getID(),
            part.getStarted(),
            part.getCompleted());
    out.addAttributes(Attributes.of("vertex", part.getVertex()));
    if (!part.getName().isEmpty()) {
      out.addAttributes(Attributes.of("status.name", part.getName()));
    }
    if (part.getCurrent() > 0) {
      out.addAttributes(Attributes.of("status.current", part.getCurrent()));
    }
    return out.build();
  }

  private static Span.Builder span(
      TraceContext own, TraceContext parent, String name, Timestamp start, Timestamp end) {
    return begin(own, name, start, end).setParentSpanId(id(parent.spanId()));
  }

  /** A span without a parent. A clock that was set back does not make it end before it began. */
  static Span.Builder begin(TraceContext own, String name, Timestamp start, Timestamp end) {
    Timestamp last = Timestamps.compare(end, start) < 0 ? start : end;
    return Span.newBuilder()
        .setTraceId(id(own.traceId()))
        .setSpanId(id(own.spanId()))
        .setTraceState(own.state())
        .setFlags(own.sampled() ? 1 : 0)
        .setName(name)
        .setKind(Span.SpanKind.SPAN_KIND_INTERNAL)
        .setStartTimeUnixNano(Timestamps.toNanos(start))
        .setEndTimeUnixNano(Timestamps.toNanos(last));
  }

  /** Marks a span as failed, unless the error is empty. */
  static void fail(Span.Builder span, String error) {
    if (!error.isEmpty()) {
      span.setStatus(
          Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR).setMessage(error));
    }
  }

  static ByteString id(String hex) {
    return ByteString.copyFrom(HexFormat.of().parseHex(hex));
  }
}
