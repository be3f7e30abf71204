package dev.kiln.solver.engine;

import dev.kiln.solver.ProgressEvent;
import dev.kiln.solver.ProgressEvent.VertexUpdate;
import dev.kiln.solver.ProgressSink;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The progress of one build on its way to the sink, one event at a time. Adds what follows from
 * events: an input that never ran when its consumer starts was not needed, hence is cached; what is
 * still open at the end was cancelled (control.md, section 5). Thread-safe.
 */
final class JobProgress {
  private static final Logger log = LoggerFactory.getLogger(JobProgress.class);

  private final ProgressSink sink;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, VertexUpdate> vertices = new LinkedHashMap<>();
  private final Set<String> wasCached = new HashSet<>();
  private CompletableFuture<Void> ends = CompletableFuture.completedFuture(null);
  private boolean closed;

  JobProgress(ProgressSink sink) {
    this.sink = sink;
  }

  void accept(ProgressEvent event) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      if (event instanceof VertexUpdate update) {
        acceptUpdate(update);
      } else {
        send(event);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Has {@link #awaitEnds} wait for a report that comes once the disk has a result. */
  void await(CompletableFuture<Void> reported) {
    lock.lock();
    try {
      boolean past = ends.isDone() && !ends.isCompletedExceptionally();
      ends = past ? reported : CompletableFuture.allOf(ends, reported);
    } finally {
      lock.unlock();
    }
  }

  /** Waits until all ends that were under way are reported. */
  void awaitEnds() {
    CompletableFuture<Void> open;
    lock.lock();
    try {
      open = ends;
    } finally {
      lock.unlock();
    }
    open.join();
  }

  private void acceptUpdate(VertexUpdate update) {
    vertices.put(update.vertex(), update);
    if (update.started() != null) {
      markInputsUnneeded(update, update.started());
    }
    if (update.cached()) {
      wasCached.add(update.vertex());
    }
    send(update);
  }

  private void markInputsUnneeded(VertexUpdate consumer, Instant at) {
    Deque<VertexUpdate> toVisit = new ArrayDeque<>();
    toVisit.push(consumer);
    while (!toVisit.isEmpty()) {
      for (String input : toVisit.pop().inputs()) {
        VertexUpdate known = vertices.get(input);
        if (known != null && known.started() == null) {
          VertexUpdate cached =
              new VertexUpdate(
                  known.vertex(), known.inputs(), known.name(), at, at, true, null, known.group());
          vertices.put(input, cached);
          wasCached.add(input);
          send(cached);
          toVisit.push(cached);
        }
      }
    }
  }

  private void send(ProgressEvent event) {
    try {
      sink.accept(event);
    } catch (RuntimeException e) {
      log.warn("could not report progress of {}: the build goes on without it", event.vertex(), e);
    }
  }

  /** Ends the progress. Idempotent. */
  void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      Instant now = Instant.now();
      for (VertexUpdate v : vertices.values()) {
        if (v.started() != null && v.completed() == null) {
          String error = wasCached.contains(v.vertex()) ? null : "context canceled";
          send(
              new VertexUpdate(
                  v.vertex(),
                  v.inputs(),
                  v.name(),
                  v.started(),
                  now,
                  v.cached(),
                  error,
                  v.group()));
        }
      }
      closed = true;
      vertices.clear();
    } finally {
      lock.unlock();
    }
  }
}
