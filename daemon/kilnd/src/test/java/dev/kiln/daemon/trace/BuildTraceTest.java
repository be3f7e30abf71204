package dev.kiln.daemon.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.daemon.progress.ProgressLog;
import dev.kiln.daemon.progress.WireProgress;
import dev.kiln.wire.control.Vertex;
import dev.kiln.wire.control.VertexStatus;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BuildTraceTest {
  private static final TraceContext CLIENT =
      new TraceContext("1".repeat(32), "2".repeat(16), true, "vendor=1");
  private static final Instant BEGIN = Instant.ofEpochSecond(100);

  private final ProgressLog progress =
      new ProgressLog(Clock.fixed(BEGIN.plusSeconds(50), ZoneOffset.UTC));
  private final Tracing tracing = new Tracing(() -> BEGIN, Map.of("service.name", "kilnd"), null);
  private final BuildTrace trace = tracing.begin(Optional.of(CLIENT), "ref1");

  private static Vertex.Builder vertex(String digest, int start, int end) {
    return Vertex.newBuilder()
        .setDigest(digest)
        .setName("step " + digest)
        .setStarted(WireProgress.timestamp(BEGIN.plusSeconds(start)))
        .setCompleted(WireProgress.timestamp(BEGIN.plusSeconds(end)));
  }

  private Map<String, Span> end(Throwable failure) throws InterruptedException {
    progress.close();
    trace.end(BEGIN.plusSeconds(60), progress, failure);
    Map<String, Span> byName = new HashMap<>();
    for (ResourceSpans spans : trace.spans()) {
      spans
          .getScopeSpansList()
          .forEach(scope -> scope.getSpansList().forEach(span -> byName.put(span.getName(), span)));
    }
    return byName;
  }

  private static String hex(com.google.protobuf.ByteString id) {
    return java.util.HexFormat.of().formatHex(id.toByteArray());
  }

  @Test
  void spansFormATreeBelowTheClient() throws Exception {
    progress.vertex(vertex("sha256:a", 1, 2).build());
    progress.vertex(vertex("sha256:b", 3, 9).addInputs("sha256:a").build());
    progress.vertex(Vertex.newBuilder().setDigest("sha256:c").setName("never began").build());
    progress.status(
        VertexStatus.newBuilder()
            .setVertex("sha256:b")
            .setID("pushing layers")
            .setStarted(WireProgress.timestamp(BEGIN.plusSeconds(4)))
            .setCompleted(WireProgress.timestamp(BEGIN.plusSeconds(5)))
            .build());

    Map<String, Span> spans = end(null);

    assertThat(spans)
        .containsOnlyKeys(
            "moby.buildkit.v1.Control/Solve", "step sha256:a", "step sha256:b", "pushing layers");
    Span build = spans.get("moby.buildkit.v1.Control/Solve");
    Span step = spans.get("step sha256:b");
    assertThat(hex(build.getParentSpanId())).isEqualTo(CLIENT.spanId());
    assertThat(hex(build.getSpanId())).isEqualTo(trace.context().spanId());
    assertThat(build.getEndTimeUnixNano()).isEqualTo(160_000_000_000L);
    assertThat(step.getParentSpanId()).isEqualTo(build.getSpanId());
    assertThat(spans.get("step sha256:a").getParentSpanId()).isEqualTo(build.getSpanId());
    assertThat(spans.get("pushing layers").getParentSpanId()).isEqualTo(step.getSpanId());
    assertThat(step.getAttributesList())
        .contains(
            Attributes.of("vertex", "sha256:b"),
            Attributes.of("vertex.cached", false),
            Attributes.of("vertex.inputs", List.of("sha256:a")));
    assertThat(spans.values())
        .allSatisfy(
            span -> {
              assertThat(hex(span.getTraceId())).isEqualTo(CLIENT.traceId());
              assertThat(span.getTraceState()).isEqualTo("vendor=1");
            });
  }

  @Test
  void failuresShow() throws Exception {
    progress.vertex(vertex("sha256:a", 1, 2).setError("exit code: 1").build());
    Map<String, Span> spans = end(new IllegalStateException("failed to solve"));
    Status.StatusCode error = Status.StatusCode.STATUS_CODE_ERROR;
    assertThat(spans.get("step sha256:a").getStatus().getMessage()).isEqualTo("exit code: 1");
    assertThat(spans.get("step sha256:a").getStatus().getCode()).isEqualTo(error);
    Span build = spans.get("moby.buildkit.v1.Control/Solve");
    assertThat(build.getStatus().getMessage()).isEqualTo("failed to solve");
    assertThat(build.getStatus().getCode()).isEqualTo(error);
    assertThat(build.getAttributesList()).contains(Attributes.of("rpc.grpc.status_code", 2));
  }

  @Test
  void aVertexThatRanTwiceHasOneSpan() throws Exception {
    progress.vertex(vertex("sha256:a", 1, 2).build());
    progress.vertex(vertex("sha256:a", 6, 7).build());
    Span span = end(null).get("step sha256:a");
    assertThat(span.getStartTimeUnixNano()).isEqualTo(101_000_000_000L);
    assertThat(span.getEndTimeUnixNano()).isEqualTo(107_000_000_000L);
  }

  @Test
  void whatClientsSendIsPartOfTheTrace() throws Exception {
    Span sent = Spans.span(CLIENT.traceId(), CLIENT.spanId(), "client");
    tracing.accept(Spans.resource(List.of(sent)));
    tracing.accept(Spans.resource(List.of(sent)));
    tracing.accept(Spans.resource(List.of(Spans.span("4".repeat(32), "5".repeat(16), "other"))));
    end(null);
    assertThat(trace.spans().stream().flatMap(all -> Spans.names(all).stream()))
        .containsExactly("moby.buildkit.v1.Control/Solve", "client");
  }

  @Test
  void aBuildWithoutAClientsTraceBeginsOne() throws Exception {
    BuildTrace alone = tracing.begin(Optional.empty(), "ref2");
    progress.close();
    alone.end(BEGIN, progress, null);
    Span span = alone.spans().getFirst().getScopeSpans(0).getSpans(0);
    assertThat(span.getParentSpanId().isEmpty()).isTrue();
    assertThat(hex(span.getTraceId())).isEqualTo(alone.context().traceId());
  }
}
