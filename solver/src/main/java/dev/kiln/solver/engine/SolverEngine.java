package dev.kiln.solver.engine;

import dev.kiln.solver.Job;
import dev.kiln.solver.OperationResolver;
import dev.kiln.solver.ProgressSink;
import dev.kiln.solver.ResultStore;
import dev.kiln.solver.Solver;
import dev.kiln.solver.SolverOptions;
import dev.kiln.solver.cache.LocalCache;
import dev.kiln.solver.store.CacheStore;
import dev.kiln.solver.why.BuildNames;
import dev.kiln.solver.why.MissFinder;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The solver. */
public final class SolverEngine implements Solver {
  private final Engine engine;
  private final Map<String, BuildJob> jobs = new ConcurrentHashMap<>();

  /**
   * Makes a solver.
   *
   * @param resolver finds operations
   * @param results keeps results
   * @param cache keeps keys; closed by whoever opened it
   */
  public SolverEngine(
      OperationResolver resolver, ResultStore results, CacheStore cache, SolverOptions options) {
    this.engine = new Engine(resolver, new LocalCache(cache, results), options, null);
  }

  /**
   * Makes a solver that tells why steps run.
   *
   * @param misses finds the reasons
   * @param names what is known of builds
   */
  public SolverEngine(
      OperationResolver resolver,
      ResultStore results,
      CacheStore cache,
      SolverOptions options,
      MissFinder misses,
      BuildNames names) {
    this.engine =
        new Engine(
            resolver,
            new LocalCache(cache, results),
            options,
            new StepReport.Explainer(misses, names));
  }

  @Override
  public Job newJob(String id, String sessionId, ProgressSink sink) {
    BuildJob job = new BuildJob(id, sessionId, sink, engine, j -> jobs.remove(j.id(), j));
    if (jobs.putIfAbsent(id, job) != null) {
      throw new IllegalArgumentException("job ID " + id + " exists");
    }
    return job;
  }

  @Override
  public Optional<Job> job(String id) {
    return Optional.ofNullable(jobs.get(id));
  }

  @Override
  public int activeVertices() {
    return engine.graph.size();
  }

  /** How many keys of live edges are remembered; 0 when no job is open. */
  int indexedKeys() {
    return engine.index.size();
  }

  /** How many builds want the vertex of that identity. */
  int jobsWanting(String digest) {
    ActiveVertex active = engine.graph.find(digest);
    return active == null ? 0 : engine.graph.jobsOf(active).size();
  }

  /** How many steps wait for their turn, for metrics. */
  public int waitingSteps() {
    return engine.limiter.waiting();
  }

  /** The cache that builds read and write. */
  public LocalCache cache() {
    return engine.cache;
  }

  @Override
  public void close() {
    engine.cache.barrier().join();
  }
}
