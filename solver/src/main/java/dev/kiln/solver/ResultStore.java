package dev.kiln.solver;

import java.util.concurrent.CompletableFuture;

/** Keeps results beyond the builds that made them. Safe for use by many threads. */
public interface ResultStore {
  /**
   * A result that is being made to last.
   *
   * @param id under which {@link #load} finds it, from now on
   * @param durable completes when a crash cannot undo it any more, or with what keeps it from being
   *     safe
   */
  record Saved(String id, CompletableFuture<Void> durable) {}

  /**
   * Names a result and begins to make it last. A record in the cache that names it may survive a
   * crash that it does not survive itself; then {@link #exists} denies it.
   */
  Saved save(Result result) throws Exception;

  /**
   * Gives a handle on a saved result.
   *
   * @throws NotFoundException if the result is gone
   */
  Result load(String id, OpContext context) throws Exception;

  /** Says whether {@link #load} would find the result. Fast: it is asked for each candidate. */
  boolean exists(String id);

  /** A result that is no longer there. */
  final class NotFoundException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Makes the exception for one id. */
    public NotFoundException(String id) {
      super("could not load result " + id + ": not found");
    }
  }
}
