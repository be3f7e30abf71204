package dev.kiln.daemon.trace;

import dev.kiln.daemon.trace.otlp.SpanQueue;
import dev.kiln.daemon.worker.Version;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon's traces: spans of builds and those of clients, for records and for the collector, if
 * one is configured. Nothing of the protocol is loaded before there is a span. Safe for use by many
 * threads.
 */
public final class Tracing implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Tracing.class);

  /** How long a stop waits for the collector to take what is left. */
  private static final Duration LAST_SPANS = Duration.ofSeconds(2);

  private final InstantSource clock;
  private final Map<String, String> resource;
  private final @Nullable SpanQueue collector;
  private final SpanCollector received;
  private final ExecutorService making =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("kilnd-spans-", 0).factory());

  /**
   * Begins to take spans.
   *
   * @param resource what describes the daemon in every span, by the names of OpenTelemetry
   * @param collector takes all spans, or null when no collector is configured
   */
  public Tracing(InstantSource clock, Map<String, String> resource, @Nullable SpanQueue collector) {
    this.clock = clock;
    this.resource = new TreeMap<>(resource);
    this.collector = collector;
    this.received = new SpanCollector(clock);
  }

  /**
   * A build has begun.
   *
   * @param parent the place in a trace that its client named
   * @param ref the client's reference of the build
   */
  public BuildTrace begin(Optional<TraceContext> parent, String ref) {
    return new BuildTrace(this, parent, ref, clock.instant());
  }

  /** Takes the spans that clients and steps send. */
  public void accept(ResourceSpans spans) {
    received.accept(spans);
    if (collector != null) {
      collector.accept(spans);
    }
  }

  List<ResourceSpans> received(String traceId) {
    return received.of(traceId);
  }

  Resource resource() {
    Resource.Builder out = Resource.newBuilder();
    resource.forEach((key, value) -> out.addAttributes(Attributes.of(key, value)));
    return out.build();
  }

  InstrumentationScope scope() {
    return InstrumentationScope.newBuilder().setName("kiln").setVersion(Version.KILN).build();
  }

  /** Makes spans and hands them to the collector, without the caller; not at all without one. */
  void export(Callable<ResourceSpans> spans) {
    SpanQueue queue = collector;
    if (queue == null) {
      return;
    }
    making.execute(
        () -> {
          try {
            queue.accept(spans.call());
          } catch (Exception e) {
            log.warn("could not make the spans of a build", e);
          }
        });
  }

  /** Sends what is left, for at most two seconds. */
  @Override
  public void close() {
    making.shutdown();
    if (collector == null) {
      return;
    }
    try {
      if (!making.awaitTermination(LAST_SPANS.toMillis(), TimeUnit.MILLISECONDS)) {
        making.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    collector.close(LAST_SPANS);
  }
}
