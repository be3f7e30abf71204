package dev.kiln.daemon.control;

import dev.kiln.daemon.build.Build;
import dev.kiln.daemon.gateway.FrontendSession;
import dev.kiln.daemon.progress.ProgressLog;
import dev.kiln.daemon.trace.TraceContext;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The builds that run now, with the progress of those that ended a moment ago. A client asks for a
 * build by its reference, often before the request that starts it has arrived, so look-ups wait a
 * little. Safe for use by many threads.
 */
public final class Builds {
  /** How long a call of a frontend waits for its build (gateway.md, section 2.1). */
  static final Duration FRONTEND_WAIT = Duration.ofSeconds(3);

  /** How long a status stream waits for its build (control.md, section 5). */
  static final Duration STATUS_WAIT = Duration.ofSeconds(6);

  /** Progress of ended builds that is kept for late subscribers. */
  private static final int ENDED_KEPT = 32;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<String, Entry> running = new HashMap<>();
  private final Map<String, ProgressLog> ended = new HashMap<>();
  private final Deque<String> endedOrder = new ArrayDeque<>();

  private record Entry(Build build, @Nullable FrontendSession frontend) {}

  /**
   * Adds a build.
   *
   * @param frontend the session of a frontend inside the client, null when there is none
   * @throws io.grpc.StatusRuntimeException when a build of that reference runs already
   */
  public void add(Build build, @Nullable FrontendSession frontend) {
    lock.lock();
    try {
      if (running.putIfAbsent(build.ref(), new Entry(build, frontend)) != null) {
        throw Status.UNKNOWN
            .withDescription("job ID " + build.ref() + " exists")
            .asRuntimeException();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Removes a build that ended; its progress stays for a while. */
  public void remove(Build build) {
    lock.lock();
    try {
      running.remove(build.ref());
      ended.put(build.ref(), build.progress());
      endedOrder.add(build.ref());
      while (endedOrder.size() > ENDED_KEPT) {
        ended.remove(endedOrder.remove());
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The builds that run now. */
  public List<Build> running() {
    lock.lock();
    try {
      return running.values().stream().map(Entry::build).toList();
    } finally {
      lock.unlock();
    }
  }

  /** The place of a running build in its trace. */
  public Optional<TraceContext> traceContext(String ref) {
    return find(ref).map(build -> build.trace().context());
  }

  /** The build of that reference, if it runs now. */
  Optional<Build> find(String ref) {
    lock.lock();
    try {
      return Optional.ofNullable(running.get(ref)).map(Entry::build);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until no build runs.
   *
   * @return false when some still run after that time
   */
  public boolean awaitNone(Duration limit) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long nanos = limit.toNanos();
      while (!running.isEmpty() && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      return running.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for the frontend session of a build.
   *
   * @throws io.grpc.StatusRuntimeException NOT_FOUND when there is none in time
   */
  public FrontendSession awaitFrontend(String ref) throws InterruptedException {
    Entry entry = await(ref, FRONTEND_WAIT);
    if (entry == null || entry.frontend() == null) {
      throw Status.NOT_FOUND.withDescription("no such job " + ref).asRuntimeException();
    }
    return entry.frontend();
  }

  /** Waits for a build; null when it does not come in time. Also gives one that just ended. */
  @Nullable ProgressLog awaitProgress(String ref) throws InterruptedException {
    lock.lock();
    try {
      if (!running.containsKey(ref) && ended.containsKey(ref)) {
        return ended.get(ref);
      }
    } finally {
      lock.unlock();
    }
    Entry entry = await(ref, STATUS_WAIT);
    return entry == null ? null : entry.build().progress();
  }

  private @Nullable Entry await(String ref, Duration limit) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long nanos = limit.toNanos();
      while (!running.containsKey(ref) && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      return running.get(ref);
    } finally {
      lock.unlock();
    }
  }
}
