package dev.kiln.snapshotter.linux;

import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A small pool of platform threads for file work in bulk, such as copying or hashing thousands of
 * small files. Such work keeps a processor busy inside system calls, so more threads than
 * processors gain little, and virtual threads would only pin their carriers.
 */
public final class FileWorkers {
  /** How many threads work at once. */
  public static final int THREADS = Math.max(2, Runtime.getRuntime().availableProcessors());

  private static final int QUEUED_PER_BATCH = 256;

  /** Pieces of small work; waking a thread takes as long as one or two of them. */
  private static final int WORTH_WAKING = 8;

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
   * Work that is finished together. One thread adds and finishes, and lends a hand where the
   * workers lag behind. After the first failure the rest of the work is skipped.
   */
  public static final class Batch {
    private final Queue<Work> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();

    /** Threads of the pool that work for this batch; changed under the lock when it goes to 0. */
    private final AtomicInteger runners = new AtomicInteger();

    private Batch() {}

    /**
     * Queues work; does some of it while more than {@value #QUEUED_PER_BATCH} pieces wait.
     *
     * @throws IOException when earlier work failed
     */
    public void add(Work work) throws IOException {
      queue(work);
      startRunner();
    }

    /**
     * Queues work of some microseconds, for which alone no thread is woken: it may wait until more
     * comes or until {@link #finish}.
     *
     * @throws IOException when earlier work failed
     */
    public void addSmall(Work work) throws IOException {
      if (queue(work) >= WORTH_WAKING * (runners.get() + 1)) {
        startRunner();
      }
    }

    private int queue(Work work) throws IOException {
      rethrow();
      if (queued.get() >= QUEUED_PER_BATCH) {
        runOne();
      }
      queue.add(work);
      return queued.incrementAndGet();
    }

    private void startRunner() {
      int now = runners.get();
      if (now < THREADS && runners.compareAndSet(now, now + 1)) {
        try {
          POOL.execute(this::drain);
        } catch (RuntimeException e) {
          stopRunner();
          throw e;
        }
      }
    }

    private void drain() {
      while (runOne()) {}
      stopRunner();
      // Work may have come between the last look and the leave.
      if (!queue.isEmpty()) {
        startRunner();
      }
    }

    private void stopRunner() {
      if (runners.decrementAndGet() == 0) {
        lock.lock();
        try {
          idle.signalAll();
        } finally {
          lock.unlock();
        }
      }
    }

    private boolean runOne() {
      Work work = queue.poll();
      if (work == null) {
        return false;
      }
      queued.decrementAndGet();
      try {
        if (failure.get() == null) {
          work.run();
        }
      } catch (IOException | RuntimeException | Error e) {
        failure.compareAndSet(null, e);
      }
      return true;
    }

    /** Waits for all work, whether it failed or not, and throws the first failure. */
    public void finish() throws IOException {
      await();
      rethrow();
    }

    /** Waits for all work and keeps failures to itself. */
    public void await() {
      while (runOne()) {}
      lock.lock();
      try {
        while (runners.get() > 0) {
          idle.awaitUninterruptibly();
        }
      } finally {
        lock.unlock();
      }
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
