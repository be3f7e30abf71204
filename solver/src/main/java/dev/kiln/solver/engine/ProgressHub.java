package dev.kiln.solver.engine;

import dev.kiln.solver.Miss;
import dev.kiln.solver.ProgressEvent;
import dev.kiln.solver.ProgressEvent.Log;
import dev.kiln.solver.ProgressEvent.Missed;
import dev.kiln.solver.ProgressEvent.Status;
import dev.kiln.solver.ProgressEvent.VertexUpdate;
import dev.kiln.solver.ProgressEvent.Warning;
import dev.kiln.solver.VertexProgress;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The progress of one vertex on its way to all builds that show it, each under its own name for it:
 * builds whose vertices turned out to be the same work keep their own. What happened so far is
 * kept, within limits, for builds that join later. Thread-safe.
 */
final class ProgressHub implements VertexProgress {
  private static final int MAX_WARNINGS = 100;
  private static final int MAX_STATUSES = 10_000;

  private final VertexDisplay display;
  private final int replayLogBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<JobProgress, VertexDisplay> viewers = new LinkedHashMap<>();
  private final Map<String, Status> statuses = new LinkedHashMap<>();
  private final List<Warning> warnings = new ArrayList<>();
  private final Deque<Log> logs = new ArrayDeque<>();
  private int logBytes;
  private @Nullable VertexUpdate last;
  private @Nullable Missed missed;

  /** Completes when an end that waits for the disk was reported. */
  private CompletableFuture<Void> ending = CompletableFuture.completedFuture(null);

  ProgressHub(VertexDisplay display, int replayLogBytes) {
    this.display = display;
    this.replayLogBytes = replayLogBytes;
  }

  @Override
  public String vertex() {
    return display.digest();
  }

  /** Shows the vertex in a build under its own name. */
  void addViewer(JobProgress job) {
    addViewer(job, display);
  }

  /**
   * Shows the vertex in a build under the name of an equal one; its own name, if it has one there,
   * goes before.
   */
  void addViewer(JobProgress job, VertexDisplay as) {
    lock.lock();
    try {
      VertexDisplay before = viewers.get(job);
      if (before != null && (before.equals(display) || !as.equals(display))) {
        return;
      }
      viewers.put(job, as);
      VertexUpdate state = last;
      if (as.equals(display)) {
        job.accept(
            new VertexUpdate(
                as.digest(), as.inputs(), as.name(), null, null, false, null, as.group()));
      }
      if (state != null) {
        job.accept(translate(state, as));
      }
      if (missed != null) {
        job.accept(translate(missed, as));
      }
      statuses.values().forEach(s -> job.accept(translate(s, as)));
      warnings.forEach(w -> job.accept(translate(w, as)));
      logs.forEach(l -> job.accept(translate(l, as)));
      job.await(ending);
    } finally {
      lock.unlock();
    }
  }

  void removeViewer(JobProgress job) {
    lock.lock();
    try {
      viewers.remove(job);
    } finally {
      lock.unlock();
    }
  }

  /** The builds that show this vertex. */
  List<JobProgress> viewers() {
    lock.lock();
    try {
      return List.copyOf(viewers.keySet());
    } finally {
      lock.unlock();
    }
  }

  VertexDisplay display() {
    return display;
  }

  private void emit(ProgressEvent event) {
    lock.lock();
    try {
      remember(event);
      viewers.forEach((job, as) -> job.accept(translate(event, as)));
    } finally {
      lock.unlock();
    }
  }

  private void remember(ProgressEvent event) {
    switch (event) {
      case VertexUpdate update -> last = update;
      case Missed miss -> missed = miss;
      case Status status -> {
        if (statuses.size() < MAX_STATUSES || statuses.containsKey(status.id())) {
          statuses.put(status.id(), status);
        }
      }
      case Warning warning -> {
        if (warnings.size() < MAX_WARNINGS) {
          warnings.add(warning);
        }
      }
      case Log log -> {
        logs.add(log);
        logBytes += log.bytes().length;
        while (logBytes > replayLogBytes && logs.size() > 1) {
          logBytes -= logs.remove().bytes().length;
        }
      }
    }
  }

  private static ProgressEvent translate(ProgressEvent event, VertexDisplay as) {
    return switch (event) {
      case VertexUpdate u ->
          new VertexUpdate(
              as.digest(),
              as.inputs(),
              as.name(),
              u.started(),
              u.completed(),
              u.cached(),
              u.error(),
              as.group());
      case Status s ->
          new Status(
              as.digest(),
              s.id(),
              s.name(),
              s.current(),
              s.total(),
              s.timestamp(),
              s.started(),
              s.completed());
      case Missed m -> new Missed(as.digest(), m.miss());
      case Log l -> new Log(as.digest(), l.stream(), l.bytes(), l.timestamp());
      case Warning w ->
          new Warning(
              as.digest(), w.level(), w.summary(), w.detail(), w.url(), w.source(), w.ranges());
    };
  }

  /** Reports that work began. */
  Instant started() {
    Instant now = Instant.now();
    update(now, null, false, null);
    return now;
  }

  /** Reports that work ended; with an error if it failed. */
  void completed(Instant started, Instant at, @Nullable String error) {
    update(started, at, false, error);
  }

  /** Announces a report that builds which show the vertex are to wait for before they end. */
  void ending(CompletableFuture<Void> reported) {
    lock.lock();
    try {
      ending = reported;
      viewers.keySet().forEach(job -> job.await(reported));
    } finally {
      lock.unlock();
    }
  }

  /** Reports that a known result was used. */
  void cached(@Nullable String error) {
    Instant now = Instant.now();
    update(now, now, true, error);
  }

  private void update(
      Instant started, @Nullable Instant completed, boolean cached, @Nullable String error) {
    emit(
        new VertexUpdate(
            display.digest(),
            display.inputs(),
            display.name(),
            started,
            completed,
            cached,
            error,
            display.group()));
  }

  @Override
  public void status(
      String id,
      String name,
      long current,
      long total,
      @Nullable Instant started,
      @Nullable Instant completed) {
    emit(new Status(display.digest(), id, name, current, total, Instant.now(), started, completed));
  }

  @Override
  public void log(int stream, byte[] bytes) {
    emit(new Log(display.digest(), stream, bytes, Instant.now()));
  }

  /** Reports why the vertex is run. */
  void missed(Miss why) {
    emit(new Missed(display.digest(), why));
  }

  @Override
  public void warning(Warning warning) {
    emit(warning);
  }
}
