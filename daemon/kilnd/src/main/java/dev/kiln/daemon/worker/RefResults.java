package dev.kiln.daemon.worker;

import dev.kiln.snapshotter.ref.ImmutableRef;
import dev.kiln.snapshotter.ref.RefException;
import dev.kiln.snapshotter.ref.RefStore;
import dev.kiln.solver.OpContext;
import dev.kiln.solver.Result;
import dev.kiln.solver.ResultStore;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Results that last: refs by their id. Safe for use by many threads. */
public final class RefResults implements ResultStore {
  private final RefStore refs;

  public RefResults(RefStore refs) {
    this.refs = refs;
  }

  @Override
  public String save(Result result) throws Exception {
    @Nullable ImmutableRef ref = RefResult.refOf(result);
    if (ref == null) {
      return RefResult.SCRATCH_ID;
    }
    try {
      // The record of the ref must be on disk before a cache record names it.
      ref.durable().get();
    } catch (ExecutionException e) {
      throw new IOException("could not make result " + ref.id() + " durable", e.getCause());
    }
    return ref.id();
  }

  @Override
  public Result load(String id, OpContext context) throws Exception {
    if (id.equals(RefResult.SCRATCH_ID)) {
      return RefResult.scratch();
    }
    ImmutableRef ref;
    try {
      ref = refs.get(id);
    } catch (RefException e) {
      throw new NotFoundException(id);
    }
    return new RefResult(ref);
  }

  @Override
  public boolean exists(String id) {
    return id.equals(RefResult.SCRATCH_ID) || refs.contains(id);
  }
}
