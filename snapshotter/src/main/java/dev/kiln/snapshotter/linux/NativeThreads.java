package dev.kiln.snapshotter.linux;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Platform threads for native calls that may block for long (syncs, unmounts), since a native call
 * pins the carrier of a virtual thread. At most {@value #MAX_THREADS} run at once; more wait in
 * order.
 */
public final class NativeThreads {
  private static final int MAX_THREADS = 16;
  private static final int IDLE_SECONDS = 10;
  private static final ExecutorService POOL = newPool();

  private NativeThreads() {}

  /** Work that may fail with an I/O error. */
  public interface Work<T> {
    T run() throws IOException;
  }

  private static ExecutorService newPool() {
    var pool =
        new ThreadPoolExecutor(
            MAX_THREADS,
            MAX_THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("kiln-native-", 0).factory());
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /**
   * Runs the work on a platform thread and waits for it; on a platform thread it runs in place. The
   * wait is not interruptible, as the call itself is not.
   */
  public static <T> T run(Work<T> work) throws IOException {
    if (!Thread.currentThread().isVirtual()) {
      return work.run();
    }
    var future =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return work.run();
              } catch (IOException e) {
                throw new CompletionException(e);
              }
            },
            POOL);
    try {
      return future.join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case IOException io -> throw io;
        case RuntimeException runtime -> throw runtime;
        case Error error -> throw error;
        case null, default -> throw e;
      }
    }
  }
}
