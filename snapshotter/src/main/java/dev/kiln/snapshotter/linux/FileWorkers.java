package dev.kiln.snapshotter.linux;

import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A small pool of platform threads for file work in bulk, such as copying or hashing thousands of
 * small files. Such work keeps a processor busy inside system calls, so more threads than
 * processors gain little, and virtual threads would only pin their carriers.
 */
public final class FileWorkers {
  /** How many threads work at once. */
  public static final int THREADS = Math.max(2, Runtime.getRuntime().availableProcessors());

  private static final int QUEUED_PER_BATCH = 512;
  private static final int IDLE_SECONDS = 10;
  private static final ExecutorService POOL = newPool();

  private FileWorkers() {}

  /** One piece of file work. */
  @FunctionalInterface
  public interface Work {
    void run() throws IOException;
  }

  private static ExecutorService newPool() {
    var pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("kiln-files-", 0).factory());
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /** Starts a batch. */
  public static Batch batch() {
    return new Batch();
  }

  /**
   * Work that is finished together. One thread adds and finishes; it must not be a worker itself.
   * After the first failure the rest of the work is skipped.
   */
  public static final class Batch {
    private final Semaphore slots = new Semaphore(QUEUED_PER_BATCH);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private Batch() {}

    /**
     * Queues work; waits while {@value #QUEUED_PER_BATCH} pieces are under way.
     *
     * @throws IOException when earlier work failed
     */
    public void add(Work work) throws IOException {
      rethrow();
      slots.acquireUninterruptibly();
      try {
        POOL.execute(() -> run(work));
      } catch (RuntimeException e) {
        slots.release();
        throw e;
      }
    }

    private void run(Work work) {
      try {
        if (failure.get() == null) {
          work.run();
        }
      } catch (IOException | RuntimeException | Error e) {
        failure.compareAndSet(null, e);
      } finally {
        slots.release();
      }
    }

    /** Waits for all work, whether it failed or not, and throws the first failure. */
    public void finish() throws IOException {
      await();
      rethrow();
    }

    /** Waits for all work and keeps failures to itself. */
    public void await() {
      slots.acquireUninterruptibly(QUEUED_PER_BATCH);
      slots.release(QUEUED_PER_BATCH);
    }

    private void rethrow() throws IOException {
      switch (failure.get()) {
        case null -> {}
        case IOException e -> throw e;
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case Throwable e -> throw new IllegalStateException("file work failed", e);
      }
    }
  }
}
