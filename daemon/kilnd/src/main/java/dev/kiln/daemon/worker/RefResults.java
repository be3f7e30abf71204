package dev.kiln.daemon.worker;

import dev.kiln.snapshotter.ref.ImmutableRef;
import dev.kiln.snapshotter.ref.RefException;
import dev.kiln.snapshotter.ref.RefStore;
import dev.kiln.solver.OpContext;
import dev.kiln.solver.Result;
import dev.kiln.solver.ResultStore;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Results that last: refs by their id. Safe for use by many threads. */
public final class RefResults implements ResultStore {
  private final RefStore refs;

  public RefResults(RefStore refs) {
    this.refs = refs;
  }

  @Override
  public Saved save(Result result) {
    @Nullable ImmutableRef ref = RefResult.refOf(result);
    if (ref == null) {
      return new Saved(RefResult.SCRATCH_ID, CompletableFuture.completedFuture(null));
    }
    return new Saved(ref.id(), ref.durable().exceptionallyCompose(e -> failure(ref.id(), e)));
  }

  private static CompletableFuture<Void> failure(String id, Throwable error) {
    Throwable cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    String message = "could not make result " + id + " durable: " + cause.getMessage();
    return CompletableFuture.failedFuture(new IOException(message, cause));
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
