package dev.kiln.registry.transfer;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs steps side by side, each on a virtual thread, and ends them all when one fails. */
final class Parallel {
  private Parallel() {}

  /** Something that may block and fail. */
  @FunctionalInterface
  interface Step {
    void run() throws IOException;
  }

  /**
   * Returns when all steps are done.
   *
   * @throws IOException the first failure; the other steps were interrupted and have ended
   */
  static void run(List<Step> steps) throws IOException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletionService<Boolean> completion = new ExecutorCompletionService<>(threads);
      List<Future<Boolean>> running = new ArrayList<>();
      for (Step step : steps) {
        running.add(
            completion.submit(
                () -> {
                  step.run();
                  return true;
                }));
      }
      try {
        for (int i = 0; i < steps.size(); i++) {
          completion.take().get();
        }
      } catch (ExecutionException e) {
        throw rethrow(e.getCause() == null ? e : e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while pushing");
      } finally {
        running.forEach(future -> future.cancel(true));
      }
    }
  }

  private static IOException rethrow(Throwable failure) {
    return switch (failure) {
      case IOException e -> e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> new IOException(failure);
    };
  }
}
