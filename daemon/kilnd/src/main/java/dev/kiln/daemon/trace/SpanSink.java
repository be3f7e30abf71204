package dev.kiln.daemon.trace;

import io.opentelemetry.proto.trace.v1.ResourceSpans;

/** Takes spans; never blocks and never throws. Safe for use by many threads. */
@FunctionalInterface
public interface SpanSink {
  void accept(ResourceSpans spans);
}
