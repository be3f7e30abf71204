package dev.kiln.daemon.build;

import dev.kiln.daemon.worker.RefResult;
import dev.kiln.snapshotter.ref.ImmutableRef;
import dev.kiln.solver.CachedResult;
import dev.kiln.solver.llb.LoadedGraph;
import org.jspecify.annotations.Nullable;

/**
 * What a definition came to: a tree, with the keys under which caches keep it.
 *
 * @param result held until {@link #close}
 * @param graph the vertices that it came from
 */
public record Evaluated(CachedResult result, LoadedGraph graph) implements AutoCloseable {

  /** The tree, null for the empty one; the handle stays this value's. */
  public @Nullable ImmutableRef ref() {
    return RefResult.refOf(result.result());
  }

  @Override
  public void close() {
    result.close();
  }
}
