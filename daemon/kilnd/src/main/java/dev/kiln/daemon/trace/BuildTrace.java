package dev.kiln.daemon.trace;

import com.google.protobuf.ByteString;
import dev.kiln.daemon.progress.ProgressLog;
import dev.kiln.daemon.progress.WireProgress;
import dev.kiln.wire.error.ErrorStatus;
import io.grpc.StatusRuntimeException;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The trace of one build. Safe for use by many threads. */
public final class BuildTrace {
  /** What clients' viewers look for: the call that makes a build. */
  private static final String SERVICE = "moby.buildkit.v1.Control";

  private static final String METHOD = "Solve";

  private final Tracing tracing;
  private final Optional<TraceContext> parent;
  private final TraceContext own;
  private final String ref;
  private final Instant began;
  private @Nullable End end;
  private @Nullable ResourceSpans spans;

  private record End(Instant at, ProgressLog progress, @Nullable Throwable failure) {}

  BuildTrace(Tracing tracing, Optional<TraceContext> parent, String ref, Instant began) {
    this.tracing = tracing;
    this.parent = parent;
    this.own = parent.map(TraceContext::newChild).orElseGet(TraceContext::fresh);
    this.ref = ref;
    this.began = began;
  }

  /** The place of the build's own span, below the one that the client named. */
  public TraceContext context() {
    return own;
  }

  /**
   * Ends the trace and sends its spans on their way. Only the first call counts.
   *
   * @param progress what the build reported, ended
   * @param failure why the build failed, or null
   */
  public void end(Instant at, ProgressLog progress, @Nullable Throwable failure) {
    synchronized (this) {
      if (end != null) {
        return;
      }
      end = new End(at, progress, failure);
    }
    if (own.sampled()) {
      tracing.export(this::ownSpans);
    }
  }

  /**
   * All spans that are known of an ended build: its own, then those that clients sent for its
   * trace.
   */
  public List<ResourceSpans> spans() throws InterruptedException {
    List<ResourceSpans> out = new ArrayList<>();
    out.add(ownSpans());
    Set<ByteString> seen = new HashSet<>();
    for (ResourceSpans sent : tracing.received(own.traceId())) {
      ResourceSpans.Builder unseen = sent.toBuilder();
      for (ScopeSpans.Builder scope : unseen.getScopeSpansBuilderList()) {
        List<Span> fresh =
            scope.getSpansList().stream().filter(span -> seen.add(span.getSpanId())).toList();
        scope.clearSpans().addAllSpans(fresh);
      }
      out.add(unseen.build());
    }
    return out;
  }

  private synchronized ResourceSpans ownSpans() throws InterruptedException {
    ResourceSpans made = spans;
    if (made == null) {
      made = make();
      spans = made;
    }
    return made;
  }

  private ResourceSpans make() throws InterruptedException {
    End ended = end;
    if (ended == null) {
      throw new IllegalStateException("the build " + ref + " has not ended");
    }
    Span.Builder build =
        BuildSpans.begin(
                own,
                SERVICE + "/" + METHOD,
                WireProgress.timestamp(began),
                WireProgress.timestamp(ended.at()))
            .setKind(Span.SpanKind.SPAN_KIND_SERVER)
            .addAttributes(Attributes.of("rpc.system", "grpc"))
            .addAttributes(Attributes.of("rpc.service", SERVICE))
            .addAttributes(Attributes.of("rpc.method", METHOD))
            .addAttributes(Attributes.of("build.ref", ref));
    parent.ifPresent(caller -> build.setParentSpanId(BuildSpans.id(caller.spanId())));
    int code = 0;
    if (ended.failure() != null) {
      StatusRuntimeException status = ErrorStatus.of(ended.failure());
      code = status.getStatus().getCode().value();
      String text = status.getStatus().getDescription();
      BuildSpans.fail(build, text == null || text.isEmpty() ? "the build failed" : text);
    }
    build.addAttributes(Attributes.of("rpc.grpc.status_code", code));
    return ResourceSpans.newBuilder()
        .setResource(tracing.resource())
        .addScopeSpans(
            ScopeSpans.newBuilder()
                .setScope(tracing.scope())
                .addSpans(build)
                .addAllSpans(BuildSpans.of(own, ended.progress())))
        .build();
  }
}
