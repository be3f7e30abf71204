package dev.kiln.solver.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.solver.CachedResult;
import dev.kiln.solver.Cancellation;
import dev.kiln.solver.Edge;
import dev.kiln.solver.Job;
import dev.kiln.solver.ProgressEvent;
import dev.kiln.solver.ProgressSink;
import dev.kiln.solver.SolverOptions;
import dev.kiln.solver.store.CacheStore;
import dev.kiln.solver.store.MemoryCacheStore;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A solver over fakes. */
final class SolverFixture {
  final FakeResults results = new FakeResults();
  final CacheStore store;
  final SolverEngine solver;
  private final AtomicInteger lastJob = new AtomicInteger();

  SolverFixture() {
    this(SolverOptions.DEFAULT, new MemoryCacheStore());
  }

  SolverFixture(SolverOptions options, CacheStore store) {
    this.store = store;
    this.solver = new SolverEngine(v -> FakeOp.OPS.get(v).with(results), results, store, options);
  }

  static FakeOp op(String name) {
    return new FakeOp(name);
  }

  Job job() {
    return job(ProgressSink.NONE);
  }

  Job job(ProgressSink sink) {
    int n = lastJob.incrementAndGet();
    return solver.newJob("job" + n, "session" + n, sink);
  }

  static String solve(Job job, Edge edge) throws Exception {
    try (CachedResult result = job.build(edge, List.of(), new Cancellation())) {
      return ((FakeResults.Text) result.result()).value;
    }
  }

  /** Builds in a job of its own. */
  String build(FakeOp op) throws Exception {
    try (Job job = job()) {
      return solve(job, op.edge(0));
    }
  }

  /** Builds on another thread; the job stays open. */
  static CompletableFuture<String> solveLater(Job job, Edge edge) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return solve(job, edge);
          } catch (Exception e) {
            throw new java.util.concurrent.CompletionException(e);
          }
        },
        r -> Thread.ofVirtual().start(r));
  }

  /** Checks that closed jobs left nothing behind. */
  void assertNothingLeft() {
    assertThat(solver.activeVertices()).isZero();
    assertThat(solver.indexedKeys()).isZero();
    assertThat(results.openHandles.get()).isZero();
  }

  /** Keeps events. */
  static final class Events implements ProgressSink {
    final List<ProgressEvent> all = new CopyOnWriteArrayList<>();

    @Override
    public void accept(ProgressEvent event) {
      all.add(event);
    }

    List<ProgressEvent.VertexUpdate> of(FakeOp op) {
      return all.stream()
          .filter(e -> e instanceof ProgressEvent.VertexUpdate)
          .map(e -> (ProgressEvent.VertexUpdate) e)
          .filter(u -> u.vertex().equals(op.vertex().digest()))
          .toList();
    }

    ProgressEvent.VertexUpdate last(FakeOp op) {
      List<ProgressEvent.VertexUpdate> updates = of(op);
      return updates.get(updates.size() - 1);
    }
  }
}
