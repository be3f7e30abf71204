package dev.kiln.daemon.progress;

import com.google.protobuf.Timestamp;
import dev.kiln.solver.Miss;
import dev.kiln.solver.ProgressEvent;
import dev.kiln.solver.ProgressSink;
import dev.kiln.wire.control.StatusResponse;
import dev.kiln.wire.control.Vertex;
import dev.kiln.wire.control.VertexLog;
import dev.kiln.wire.control.VertexStatus;
import dev.kiln.wire.control.VertexWarning;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Everything that one build has reported, in order, for any number of subscribers.
 *
 * <p>A subscriber that comes late sees all of it from the start. The log ends when {@link #close}
 * is called; what had been started and not completed is then reported as cancelled, as BuildKit's
 * clients expect. Safe for use by many threads.
 */
public final class ProgressLog implements ProgressSink, AutoCloseable {
  /** Log bytes that one message carries at most; more goes into the next one. */
  static final int MESSAGE_LOG_BYTES = 1 << 20;

  /** Events that one message carries at most. */
  static final int MESSAGE_EVENTS = 10_000;

  /** Reasons that are kept of one build. */
  static final int MISSES = 1_000;

  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Event> events = new ArrayList<>();
  private final Map<String, Vertex> latest = new LinkedHashMap<>();
  private final Map<String, Miss> missed = new LinkedHashMap<>();
  private boolean closed;

  /** One reported item. */
  private sealed interface Event {
    record OfVertex(Vertex vertex) implements Event {}

    record OfStatus(VertexStatus status) implements Event {}

    record OfLog(VertexLog log) implements Event {}

    record OfWarning(VertexWarning warning) implements Event {}
  }

  public ProgressLog(Clock clock) {
    this.clock = clock;
  }

  /** Takes what the solver reports. */
  @Override
  public void accept(ProgressEvent event) {
    switch (event) {
      case ProgressEvent.VertexUpdate vertex -> vertex(WireProgress.vertex(vertex));
      case ProgressEvent.Status status -> status(WireProgress.status(status));
      case ProgressEvent.Log log -> log(WireProgress.log(log));
      case ProgressEvent.Warning warning -> warning(WireProgress.warning(warning));
      case ProgressEvent.Missed missed -> missed(missed);
    }
  }

  /** Reports a vertex; a later report of the same digest replaces what clients show of it. */
  public void vertex(Vertex vertex) {
    append(new Event.OfVertex(vertex));
  }

  /** Reports a sub-task of a vertex. The key of a sub-task is its vertex and its ID. */
  public void status(VertexStatus status) {
    append(new Event.OfStatus(status));
  }

  /** Reports output of a vertex, raw bytes of any length. */
  public void log(VertexLog log) {
    append(new Event.OfLog(log));
  }

  /** Reports a warning that belongs to a vertex. */
  public void warning(VertexWarning warning) {
    append(new Event.OfWarning(warning));
  }

  private void missed(ProgressEvent.Missed event) {
    lock.lock();
    try {
      if (missed.size() < MISSES || missed.containsKey(event.vertex())) {
        missed.put(event.vertex(), event.miss());
      }
    } finally {
      lock.unlock();
    }
  }

  /** Why vertices were run, by their digests, in the order in which they began. */
  public Map<String, Miss> misses() {
    lock.lock();
    try {
      return new LinkedHashMap<>(missed);
    } finally {
      lock.unlock();
    }
  }

  private void append(Event event) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      add(event);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void add(Event event) {
    events.add(event);
    if (event instanceof Event.OfVertex(Vertex vertex)) {
      latest.put(vertex.getDigest(), vertex);
      if (vertex.hasStarted()) {
        completeSilentInputs(vertex, vertex.getStarted());
      }
    }
  }

  /**
   * A consumer that runs while an input was never reported complete means that the input was
   * cached.
   */
  private void completeSilentInputs(Vertex consumer, Timestamp when) {
    List<Vertex> todo = new ArrayList<>(inputsOf(consumer));
    while (!todo.isEmpty()) {
      Vertex input = todo.removeLast();
      if (input.hasCompleted() || input.hasStarted()) {
        continue;
      }
      Vertex cached = input.toBuilder().setStarted(when).setCompleted(when).setCached(true).build();
      latest.put(cached.getDigest(), cached);
      events.add(new Event.OfVertex(cached));
      todo.addAll(inputsOf(cached));
    }
  }

  private List<Vertex> inputsOf(Vertex vertex) {
    List<Vertex> inputs = new ArrayList<>();
    for (String digest : vertex.getInputsList()) {
      Vertex input = latest.get(digest);
      if (input != null) {
        inputs.add(input);
      }
    }
    return inputs;
  }

  /** The newest report of every vertex, in the order in which they were first reported. */
  public Collection<Vertex> vertices() {
    lock.lock();
    try {
      return List.copyOf(latest.values());
    } finally {
      lock.unlock();
    }
  }

  /** Number of warnings reported so far. */
  public int warningCount() {
    lock.lock();
    try {
      return (int) events.stream().filter(Event.OfWarning.class::isInstance).count();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the log. Vertices that never completed get an end: cancelled, unless they were cached. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      Timestamp now = WireProgress.timestamp(clock.instant());
      for (Vertex vertex : List.copyOf(latest.values())) {
        if (vertex.hasStarted() && !vertex.hasCompleted()) {
          Vertex.Builder ended = vertex.toBuilder().setCompleted(now);
          if (!vertex.getCached()) {
            ended.setError("context canceled");
          }
          add(new Event.OfVertex(ended.build()));
        }
      }
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** A reader from the start of the log. The reader is for one thread. */
  public Reader read() {
    return new Reader();
  }

  /** Reads the log in batches. */
  public final class Reader {
    private int next;

    private Reader() {}

    /**
     * Waits for something new and returns it as one message.
     *
     * @return null when the log has ended and all of it was read
     * @throws InterruptedException when the calling thread is interrupted
     */
    public @Nullable StatusResponse next() throws InterruptedException {
      lock.lockInterruptibly();
      try {
        while (next >= events.size()) {
          if (closed) {
            return null;
          }
          changed.await();
        }
        return batch();
      } finally {
        lock.unlock();
      }
    }

    private StatusResponse batch() {
      StatusResponse.Builder message = StatusResponse.newBuilder();
      // A client handles a message as vertices, statuses, warnings, logs, so within one batch only
      // the last report of a vertex or a status counts.
      Map<String, Vertex> vertices = new LinkedHashMap<>();
      Map<String, VertexStatus> statuses = new LinkedHashMap<>();
      long logBytes = 0;
      int count = 0;
      while (next < events.size() && count < MESSAGE_EVENTS) {
        Event event = events.get(next);
        switch (event) {
          case Event.OfVertex(Vertex v) -> {
            Vertex earlier = vertices.get(v.getDigest());
            if (earlier != null && earlier.hasCompleted()) {
              // Both intervals of a vertex that ran twice are shown.
              return finish(message, vertices, statuses);
            }
            vertices.put(v.getDigest(), v);
          }
          case Event.OfStatus(VertexStatus s) -> statuses.put(s.getVertex() + s.getID(), s);
          case Event.OfLog(VertexLog l) -> {
            if (logBytes > 0 && logBytes + l.getMsg().size() > MESSAGE_LOG_BYTES) {
              return finish(message, vertices, statuses);
            }
            logBytes += l.getMsg().size();
            message.addLogs(l);
          }
          case Event.OfWarning(VertexWarning w) -> message.addWarnings(w);
        }
        next++;
        count++;
      }
      return finish(message, vertices, statuses);
    }

    private static StatusResponse finish(
        StatusResponse.Builder message,
        Map<String, Vertex> vertices,
        Map<String, VertexStatus> statuses) {
      return message.addAllVertexes(vertices.values()).addAllStatuses(statuses.values()).build();
    }
  }
}
