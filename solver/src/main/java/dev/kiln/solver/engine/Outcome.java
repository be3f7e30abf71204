package dev.kiln.solver.engine;

import dev.kiln.solver.CacheKey;
import dev.kiln.solver.Result;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What a run of an operation made.
 *
 * @param results one handle for each output, owned by the vertex
 * @param nestedKeys keys of the graphs that were solved inside
 * @param hub where to report the end
 * @param started when it began
 * @param ended when it ended
 * @param reported whether the end was reported
 */
record Outcome(
    List<Result> results,
    List<CacheKey> nestedKeys,
    ProgressHub hub,
    Instant started,
    Instant ended,
    AtomicBoolean reported) {
  /**
   * Reports the end, once, when what was made is safe from a crash; steps that follow may run. What
   * keeps it from being safe ends the builds that wait for it.
   */
  void reportCompleted(CompletableFuture<Void> durable) {
    if (reported.compareAndSet(false, true)) {
      hub.ending(
          durable.whenComplete(
              (nothing, error) ->
                  hub.completed(started, ended, error == null ? null : text(error))));
    }
  }

  private static String text(Throwable error) {
    Throwable cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    return String.valueOf(cause.getMessage());
  }
}
