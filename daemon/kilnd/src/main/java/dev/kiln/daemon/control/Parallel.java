package dev.kiln.daemon.control;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Runs several pieces of blocking work at once, each on a virtual thread of its own. */
public final class Parallel {
  private Parallel() {}

  /**
   * Waits for all of them. When one fails, or the caller is interrupted, the others are interrupted
   * and waited for.
   *
   * @return the values in the order of the work
   * @throws Exception the failure that came first in the order of the work, unless it was only
   *     interrupted because of another
   */
  public static <T> List<T> run(List<? extends Callable<T>> work) throws Exception {
    if (work.size() == 1) {
      return List.of(work.getFirst().call());
    }
    List<FutureTask<T>> tasks = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (Callable<T> each : work) {
      FutureTask<T> task =
          new FutureTask<>(
              () -> {
                try {
                  return each.call();
                } catch (Throwable failure) {
                  threadsOf(threads).forEach(Thread::interrupt);
                  throw failure;
                }
              });
      tasks.add(task);
    }
    for (FutureTask<T> task : tasks) {
      synchronized (threads) {
        threads.add(Thread.startVirtualThread(task));
      }
    }
    return collect(tasks, threads);
  }

  private static List<Thread> threadsOf(List<Thread> threads) {
    synchronized (threads) {
      return threads.stream().filter(t -> !t.equals(Thread.currentThread())).toList();
    }
  }

  private static <T> List<T> collect(List<FutureTask<T>> tasks, List<Thread> threads)
      throws Exception {
    List<T> values = new ArrayList<>();
    Throwable first = null;
    boolean interrupted = false;
    for (FutureTask<T> task : tasks) {
      while (true) {
        try {
          values.add(task.get());
          break;
        } catch (InterruptedException e) {
          interrupted = true;
          threadsOf(threads).forEach(Thread::interrupt);
        } catch (ExecutionException e) {
          Throwable cause = e.getCause() == null ? e : e.getCause();
          if (first == null || isInterruption(first)) {
            first = cause;
          }
          break;
        }
      }
    }
    if (interrupted) {
      throw new InterruptedException("context canceled");
    }
    if (first instanceof Exception exception) {
      throw exception;
    }
    if (first instanceof Error error) {
      throw error;
    }
    return values;
  }

  private static boolean isInterruption(Throwable failure) {
    return failure instanceof InterruptedException || failure instanceof CancellationException;
  }
}
