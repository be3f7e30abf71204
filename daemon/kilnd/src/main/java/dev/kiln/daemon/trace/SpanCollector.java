package dev.kiln.daemon.trace;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Spans that clients sent, by their traces, for the records of the builds that belong to them.
 *
 * <p>They come before, during and after a build. A trace is forgotten when nothing came for it in
 * ten minutes, and the one that was quiet for longest goes when all take more than 4 MiB, or those
 * that are in a record already more than 128 KiB: these are only kept for further builds of the
 * same trace. Safe for use by many threads.
 */
public final class SpanCollector implements SpanSink {
  static final int MAX_BYTES = 4 << 20;
  static final int MAX_TOLD_BYTES = 128 << 10;
  private static final Duration QUIET = Duration.ofMinutes(10);

  private final InstantSource clock;

  /** In the order in which something came last. */
  private final Map<ByteString, Kept> traces = new LinkedHashMap<>();

  private int bytes;
  private int toldBytes;

  /** One trace; {@code told} when somebody asked for it after the last spans came. */
  private record Kept(Instant last, int bytes, boolean told, List<ByteString> spans) {
    int toldBytes() {
      return told ? bytes : 0;
    }
  }

  public SpanCollector(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public void accept(ResourceSpans spans) {
    byTrace(spans).forEach((trace, own) -> keep(trace, own.toByteString()));
  }

  private static Map<ByteString, ResourceSpans> byTrace(ResourceSpans all) {
    Map<ByteString, ResourceSpans.Builder> split = new LinkedHashMap<>();
    for (ScopeSpans scope : all.getScopeSpansList()) {
      Map<ByteString, ScopeSpans.Builder> ofScope = new LinkedHashMap<>();
      for (Span span : scope.getSpansList()) {
        ofScope
            .computeIfAbsent(span.getTraceId(), id -> scope.toBuilder().clearSpans())
            .addSpans(span);
      }
      ofScope.forEach(
          (trace, spans) ->
              split
                  .computeIfAbsent(trace, id -> all.toBuilder().clearScopeSpans())
                  .addScopeSpans(spans));
    }
    Map<ByteString, ResourceSpans> out = new LinkedHashMap<>();
    split.forEach((trace, spans) -> out.put(trace, spans.build()));
    return out;
  }

  private synchronized void keep(ByteString trace, ByteString spans) {
    Instant now = clock.instant();
    Kept before = traces.remove(trace);
    List<ByteString> all = before == null ? new ArrayList<>() : before.spans();
    all.add(spans);
    int size = (before == null ? 0 : before.bytes()) + spans.size();
    traces.put(trace, new Kept(now, size, false, all));
    bytes += spans.size();
    toldBytes -= before == null ? 0 : before.toldBytes();
    forget(now);
  }

  private void forget(Instant now) {
    Iterator<Kept> oldest = traces.values().iterator();
    while (oldest.hasNext()) {
      Kept trace = oldest.next();
      boolean old = bytes > MAX_BYTES || !trace.last().plus(QUIET).isAfter(now);
      if (old || (trace.told() && toldBytes > MAX_TOLD_BYTES)) {
        bytes -= trace.bytes();
        toldBytes -= trace.toldBytes();
        oldest.remove();
      } else if (toldBytes <= MAX_TOLD_BYTES) {
        return;
      }
    }
  }

  /** What came for a trace so far. Parts may have come twice. */
  public List<ResourceSpans> of(String traceId) {
    List<ByteString> kept;
    synchronized (this) {
      Instant now = clock.instant();
      forget(now);
      ByteString id = ByteString.copyFrom(HexFormat.of().parseHex(traceId));
      Kept trace = traces.get(id);
      kept = trace == null ? List.of() : List.copyOf(trace.spans());
      if (trace != null && !trace.told()) {
        traces.put(id, new Kept(trace.last(), trace.bytes(), true, trace.spans()));
        toldBytes += trace.bytes();
        forget(now);
      }
    }
    List<ResourceSpans> out = new ArrayList<>();
    for (ByteString one : kept) {
      try {
        out.add(ResourceSpans.parseFrom(one));
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException("these bytes were written by us", e);
      }
    }
    return out;
  }

  /** What is kept of all traces. */
  synchronized int bytes() {
    return bytes;
  }
}
