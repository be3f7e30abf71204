package dev.kiln.daemon.history;

import dev.kiln.daemon.trace.BuildTrace;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Traces of builds that ended a moment ago. They are written down a little later, since clients
 * send their last spans after the build, or as soon as somebody asks. Safe for use by many threads.
 */
final class PendingTraces {
  /** How long spans of clients are waited for (control.md, section 8). */
  static final Duration DELAY = Duration.ofSeconds(3);

  private static final Logger log = LoggerFactory.getLogger(PendingTraces.class);

  private final Map<String, Pending> pending = new ConcurrentHashMap<>();
  private final Duration delay;
  private final Writer writer;

  /** Writes the trace of a build into its record. */
  @FunctionalInterface
  interface Writer {
    void write(String ref, BuildTrace trace) throws IOException, InterruptedException;
  }

  private record Pending(CountDownLatch wanted, CompletableFuture<Void> done) {}

  PendingTraces(Duration delay, Writer writer) {
    this.delay = delay;
    this.writer = writer;
  }

  /** Takes the trace of a build that has ended and is recorded. */
  void add(String ref, BuildTrace trace) {
    Pending one = new Pending(new CountDownLatch(1), new CompletableFuture<>());
    pending.put(ref, one);
    Thread.ofVirtual().name("kilnd-trace-" + ref).start(() -> write(ref, trace, one));
  }

  private void write(String ref, BuildTrace trace, Pending one) {
    try {
      boolean asked = one.wanted().await(delay.toNanos(), TimeUnit.NANOSECONDS);
      log.debug("writing the trace of build {}, {}", ref, asked ? "asked for" : "in time");
      writer.write(ref, trace);
    } catch (IOException | RuntimeException e) {
      log.warn("the record of build {} lacks its trace", ref, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      pending.remove(ref, one);
      one.done().complete(null);
    }
  }

  /** Returns once the trace of a build is written, if it was to be. */
  void finish(String ref) {
    Pending one = pending.get(ref);
    if (one != null) {
      one.wanted().countDown();
      one.done().join();
    }
  }

  /** Returns once all are written. */
  void finishAll() {
    List<Pending> all = List.copyOf(pending.values());
    all.forEach(one -> one.wanted().countDown());
    all.forEach(one -> one.done().join());
  }
}
