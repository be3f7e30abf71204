package dev.kiln.solver.engine;

import dev.kiln.solver.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** Passes a result from the thread that makes it to one that may have given up. Thread-safe. */
final class Handover {
  private @Nullable Result offered;
  private boolean abandoned;

  /** Offers the result; releases it if nobody wants it any more. */
  synchronized Result offer(Result result) {
    if (abandoned) {
      result.release();
      throw new CancellationException("context canceled");
    }
    offered = result;
    return result;
  }

  /** Gives up, maybe after the result was offered. */
  synchronized void abandon() {
    abandoned = true;
    if (offered != null) {
      offered.release();
      offered = null;
    }
  }

  /** Work with results. */
  @FunctionalInterface
  interface Use<T> {
    T with(List<Result> results) throws Exception;
  }

  /** Runs work with handles of its own, for the owner may let go before the work ends. */
  static <T> T holding(List<Result> results, Use<T> use) throws Exception {
    List<Result> held = new ArrayList<>(results.size());
    try {
      for (Result result : results) {
        held.add(result.retain());
      }
      return use.with(List.copyOf(held));
    } finally {
      held.forEach(Result::release);
    }
  }
}
