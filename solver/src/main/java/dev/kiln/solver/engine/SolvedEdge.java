package dev.kiln.solver.engine;

import dev.kiln.solver.CacheKey;
import dev.kiln.solver.CachedResult;
import dev.kiln.solver.Result;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** The result of an edge with its keys; one handle. Thread-safe. */
final class SolvedEdge implements CachedResult {
  private final Result result;
  private final List<CacheKey> keys;
  private final AtomicBoolean closed = new AtomicBoolean();

  SolvedEdge(Result result, List<CacheKey> keys) {
    this.result = result;
    this.keys = List.copyOf(keys);
  }

  @Override
  public Result result() {
    return result;
  }

  @Override
  public List<CacheKey> keys() {
    return keys;
  }

  SolvedEdge retain() {
    return new SolvedEdge(result.retain(), keys);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      result.release();
    }
  }
}
