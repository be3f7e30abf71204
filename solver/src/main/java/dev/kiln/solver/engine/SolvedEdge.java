package dev.kiln.solver.engine;

import dev.kiln.solver.CacheKey;
import dev.kiln.solver.CachedResult;
import dev.kiln.solver.Result;
import java.util.List;
import java.util.concurrent.CancellationException;

/** The result of an edge with its keys; one handle. Thread-safe. */
final class SolvedEdge implements CachedResult {
  private final Result result;
  private final List<CacheKey> keys;
  private boolean closed;

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

  /**
   * Gives another handle.
   *
   * @throws CancellationException if this one was closed, as happens when a build is closed while
   *     its result arrives
   */
  synchronized SolvedEdge retain() {
    if (closed) {
      throw new CancellationException("context canceled");
    }
    return new SolvedEdge(result.retain(), keys);
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      result.release();
    }
  }
}
