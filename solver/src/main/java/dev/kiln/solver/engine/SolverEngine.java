package dev.kiln.solver.engine;

import dev.kiln.solver.Job;
import dev.kiln.solver.OperationResolver;
import dev.kiln.solver.ProgressSink;
import dev.kiln.solver.ResultStore;
import dev.kiln.solver.Solver;
import dev.kiln.solver.SolverOptions;
import dev.kiln.solver.store.CacheStore;
import java.util.Optional;

/** The solver. */
public final class SolverEngine implements Solver {
  /**
   * Makes a solver.
   *
   * @param resolver finds operations
   * @param results keeps results
   * @param cache keeps keys; closed by whoever opened it
   */
  public SolverEngine(
      OperationResolver resolver, ResultStore results, CacheStore cache, SolverOptions options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Job newJob(String id, String sessionId, ProgressSink sink) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<Job> job(String id) {
    return Optional.empty();
  }

  @Override
  public int activeVertices() {
    return 0;
  }

  @Override
  public void close() {}
}
