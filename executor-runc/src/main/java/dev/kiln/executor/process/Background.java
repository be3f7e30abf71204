package dev.kiln.executor.process;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Platform threads for work that blocks in native calls, which would hold a virtual thread's
 * carrier. Their number is bounded by the containers that run: up to four for each.
 */
public final class Background {
  private static final int IDLE_SECONDS = 30;
  private static final ExecutorService POOL =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          Thread.ofPlatform().daemon().name("kiln-exec-", 0).factory());

  private Background() {}

  /** Runs the work on a platform thread that bears the name meanwhile. */
  public static void run(String name, Runnable work) {
    POOL.execute(
        () -> {
          Thread thread = Thread.currentThread();
          String before = thread.getName();
          thread.setName(name);
          try {
            work.run();
          } finally {
            thread.setName(before);
          }
        });
  }
}
