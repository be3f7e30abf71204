package dev.kiln.daemon.build;

import dev.kiln.daemon.worker.RefResult;
import dev.kiln.snapshotter.ref.ImmutableRef;
import dev.kiln.solver.CachedResult;
import org.jspecify.annotations.Nullable;

/**
 * What a definition came to: a tree, with the keys under which caches keep it.
 *
 * @param result held until {@link #close}
 */
public record Evaluated(CachedResult result) implements AutoCloseable {

  /** The tree, null for the empty one; the handle stays this value's. */
  public @Nullable ImmutableRef ref() {
    return RefResult.refOf(result.result());
  }

  @Override
  public void close() {
    result.close();
  }
}
