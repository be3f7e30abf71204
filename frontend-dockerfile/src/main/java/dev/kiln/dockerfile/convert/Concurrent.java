package dev.kiln.dockerfile.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs tasks that wait for the daemon side by side, each on a virtual thread. */
public final class Concurrent {

  private Concurrent() {}

  /**
   * Runs all tasks. The first that fails interrupts the others, and its exception is thrown here
   * once all have ended. An interrupt of the caller does the same with a {@link
   * CancellationException}.
   */
  public static void runAll(List<Runnable> tasks) {
    callAll(tasks.stream().<Callable<Boolean>>map(task -> () -> run(task)).toList());
  }

  private static boolean run(Runnable task) {
    task.run();
    return true;
  }

  /** As {@link #runAll}, with results in the order of the tasks. */
  public static <T> List<T> callAll(List<Callable<T>> tasks) {
    if (tasks.size() == 1) {
      return List.of(call(tasks.getFirst()));
    }
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      ExecutorCompletionService<T> completion = new ExecutorCompletionService<>(executor);
      List<Future<T>> futures = new ArrayList<>();
      tasks.forEach(task -> futures.add(completion.submit(task)));
      try {
        for (int i = 0; i < tasks.size(); i++) {
          completion.take().get();
        }
      } catch (InterruptedException e) {
        executor.shutdownNow();
        Thread.currentThread().interrupt();
        throw cancelled(e);
      } catch (ExecutionException e) {
        executor.shutdownNow();
        throw unwrapped(e);
      }
      return futures.stream().map(Future::resultNow).toList();
    }
  }

  private static <T> T call(Callable<T> task) {
    try {
      return task.call();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("a task threw a checked exception", e);
    }
  }

  private static CancellationException cancelled(InterruptedException cause) {
    CancellationException cancelled = new CancellationException("the build was cancelled");
    cancelled.initCause(cause);
    return cancelled;
  }

  private static RuntimeException unwrapped(ExecutionException e) {
    return switch (e.getCause()) {
      case RuntimeException cause -> cause;
      case Error cause -> throw cause;
      case null, default -> new IllegalStateException("a task failed", e);
    };
  }
}
