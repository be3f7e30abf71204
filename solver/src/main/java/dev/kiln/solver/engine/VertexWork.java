package dev.kiln.solver.engine;

import dev.kiln.solver.CacheMap;
import dev.kiln.solver.Cancellation;
import dev.kiln.solver.Operation;
import dev.kiln.solver.Result;
import dev.kiln.solver.SessionGoneException;
import dev.kiln.solver.SolveException;
import dev.kiln.solver.SolveException.Stage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The calls into the operation of one vertex, each made once for all edges and builds that need it
 * (cache-keys.md, section 2.4). Thread-safe.
 */
final class VertexWork {
  private final ActiveVertex active;
  private final Engine engine;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<SharedCall<CacheMap>> maps = new ArrayList<>();
  private final Map<Integer, SharedCall<String>> contentKeys = new HashMap<>();
  private @Nullable SharedCall<Outcome> run;
  private @Nullable Operation operation;
  private @Nullable Outcome made;
  private boolean released;

  /** What the run waits for its turn with. */
  private volatile FairLimiter.@Nullable Ticket turn;

  VertexWork(ActiveVertex active, Engine engine) {
    this.active = active;
    this.engine = engine;
  }

  /** The key of the operation at an index. */
  CacheMap cacheMap(int index) throws InterruptedException, SolveException {
    SharedCall<CacheMap> call;
    lock.lock();
    try {
      while (maps.size() <= index) {
        int next = maps.size();
        maps.add(new SharedCall<>(c -> retrying(() -> readMap(next, c))));
      }
      call = maps.get(index);
    } finally {
      lock.unlock();
    }
    return get(call, Stage.CACHE_MAP, -1, "failed to load cache key: ");
  }

  /** For an operation without inputs this may take long, so it is shown. */
  private CacheMap readMap(int index, Cancellation cancellation) throws Exception {
    if (!active.vertex.inputs().isEmpty()) {
      return operation().cacheMap(index, active.context().with(cancellation));
    }
    Instant started = active.hub.started();
    try {
      CacheMap map = operation().cacheMap(index, active.context().with(cancellation));
      active.hub.completed(started, Instant.now(), null);
      return map;
    } catch (Exception e) {
      active.hub.completed(started, Instant.now(), shown(e, cancellation));
      throw e;
    }
  }

  /** Makes an input ready and gives the digest of its content; empty if content does not count. */
  String contentKey(int input, CacheMap.Dep dep, Result result)
      throws InterruptedException, SolveException {
    SharedCall<String> call;
    lock.lock();
    try {
      call =
          contentKeys.computeIfAbsent(
              input,
              i ->
                  new SharedCall<>(
                      c ->
                          Handover.holding(
                              List.of(result),
                              held -> retrying(() -> readContent(input, dep, held.get(0), c)))));
    } finally {
      lock.unlock();
    }
    return get(call, Stage.CONTENT_KEY, input, "failed to compute cache key: ");
  }

  private String readContent(int input, CacheMap.Dep dep, Result result, Cancellation cancellation)
      throws Exception {
    try {
      if (dep.preprocess() != null) {
        VertexContext ofInput = active.input(input).resolve().owner.context();
        dep.preprocess().run(result, ofInput.with(cancellation));
      }
      if (dep.contentKey() == null) {
        return "";
      }
      return dep.contentKey().compute(result, active.context().with(cancellation));
    } catch (Exception e) {
      if (!cancellation.isCancelled()) {
        Instant started = active.hub.started();
        active.hub.completed(
            started, Instant.now(), "failed to compute cache key: " + e.getMessage());
      }
      throw e;
    }
  }

  /**
   * Runs the operation, or gives what its run made.
   *
   * @param report tells why it runs; null if nobody is to know
   */
  Outcome run(List<Result> inputs, @Nullable StepReport report)
      throws InterruptedException, SolveException {
    SharedCall<Outcome> call;
    lock.lock();
    try {
      if (run == null) {
        run =
            new SharedCall<>(
                c -> Handover.holding(inputs, held -> retrying(() -> runOnce(held, report, c))));
      }
      call = run;
    } finally {
      lock.unlock();
    }
    return get(call, Stage.RUN, -1, "");
  }

  private Outcome runOnce(
      List<Result> inputs, @Nullable StepReport report, Cancellation cancellation)
      throws Exception {
    Operation op = operation();
    FairLimiter limiter =
        op.weight() == Operation.Weight.LIMITED ? engine.limiter : engine.unlimited;
    FairLimiter.Permit permit = takeTurn(limiter);
    try {
      Instant started = active.hub.started();
      try {
        Outcome outcome = outcome(run(op, inputs, report, cancellation), started);
        if (report != null) {
          report.ran();
        }
        return outcome;
      } catch (Exception e) {
        active.hub.completed(started, Instant.now(), shown(e, cancellation));
        throw e;
      }
    } finally {
      permit.release();
    }
  }

  private List<Result> run(
      Operation op, List<Result> inputs, @Nullable StepReport report, Cancellation cancellation)
      throws Exception {
    if (report == null) {
      return op.run(inputs, active.context().with(cancellation));
    }
    report.begins(inputs);
    try {
      return op.run(inputs, active.context().with(cancellation));
    } finally {
      report.awaitTold();
    }
  }

  /** Waits for a place on behalf of all builds that want the vertex, and those that come to. */
  private FairLimiter.Permit takeTurn(FairLimiter limiter) throws InterruptedException {
    FairLimiter.Ticket ticket = new FairLimiter.Ticket();
    turn = ticket;
    try {
      return limiter.acquire(ticket, active.graph.partiesOf(active));
    } finally {
      turn = null;
    }
  }

  /** Tells that another build wants the vertex too. */
  void wantedBy(BuildJob job) {
    FairLimiter.Ticket waiting = turn;
    if (waiting != null) {
      engine.limiter.join(waiting, job);
    }
  }

  private Outcome outcome(List<Result> results, Instant started) {
    return keep(
        new Outcome(
            List.copyOf(results),
            active.nestedKeys(),
            active.hub,
            started,
            Instant.now(),
            new AtomicBoolean()));
  }

  /** The vertex may have been released while its operation still ran. */
  private Outcome keep(Outcome outcome) {
    boolean tooLate;
    lock.lock();
    try {
      tooLate = released;
      made = tooLate ? null : outcome;
    } finally {
      lock.unlock();
    }
    if (tooLate) {
      outcome.results().forEach(Result::release);
      throw new CancellationException("context canceled");
    }
    return outcome;
  }

  /**
   * A handle on a result of the run.
   *
   * @throws InterruptedException if the vertex was released meanwhile
   */
  Result retain(Result result) throws InterruptedException {
    lock.lock();
    try {
      if (released) {
        throw new InterruptedException("context canceled");
      }
      return result.retain();
    } finally {
      lock.unlock();
    }
  }

  private static String shown(Exception e, Cancellation cancellation) {
    return cancellation.isCancelled() ? "context canceled" : String.valueOf(e.getMessage());
  }

  private Operation operation() throws Exception {
    lock.lock();
    try {
      Operation resolved = operation;
      if (resolved == null) {
        resolved = engine.resolver.resolve(active.vertex);
        operation = resolved;
      }
      return resolved;
    } finally {
      lock.unlock();
    }
  }

  /** The operation, once it was needed. */
  Optional<Operation> resolved() {
    lock.lock();
    try {
      return Optional.ofNullable(operation);
    } finally {
      lock.unlock();
    }
  }

  private interface Attempt<T> {
    T run() throws Exception;
  }

  /** Work whose session vanished is done again while builds bring sessions that are still there. */
  private <T> T retrying(Attempt<T> attempt) throws Exception {
    Set<String> gone = new HashSet<>();
    while (true) {
      try {
        return attempt.run();
      } catch (SessionGoneException e) {
        gone.add(e.session());
        if (gone.containsAll(active.graph.sessionsOf(active))) {
          throw e;
        }
      }
    }
  }

  private <T> T get(SharedCall<T> call, Stage stage, int input, String prefix)
      throws InterruptedException, SolveException {
    try {
      return call.get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
      throw new SolveException(prefix + message, active.vertex, stage, input, cause);
    }
  }

  /** Lets go of what the run made; called once, when the vertex is released. */
  void release() {
    Outcome outcome;
    lock.lock();
    try {
      released = true;
      outcome = made;
      made = null;
    } finally {
      lock.unlock();
    }
    if (outcome != null) {
      outcome.results().forEach(Result::release);
    }
  }
}
