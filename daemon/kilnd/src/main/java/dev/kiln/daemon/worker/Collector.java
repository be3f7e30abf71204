package dev.kiln.daemon.worker;

import dev.kiln.daemon.config.GcPolicy;
import dev.kiln.snapshotter.ref.PruneOptions;
import dev.kiln.snapshotter.ref.RefStore;
import java.io.IOException;
import java.nio.file.FileStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the store within the policies of the configuration: soon after builds, but not after each
 * one, and now and then. Runs on a virtual thread of its own. Thread-safe.
 */
public final class Collector implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Collector.class);

  private static final long NANOS_PER_MS = 1_000_000;

  private final RefStore refs;
  private final List<GcPolicy> policies;
  private final FileStore disk;
  private final Runnable removed;
  private final Clock clock;
  private final Pace pace;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread thread;
  private @Nullable Instant asked;
  private Instant last;
  private boolean closed;

  /**
   * When it runs.
   *
   * @param afterAsking how long after a build, so that the client has its answer first
   * @param atMost no more often than this
   * @param atLeast no more rarely than this
   */
  public record Pace(Duration afterAsking, Duration atMost, Duration atLeast) {
    /** As stock daemons do: a second after a build, once a minute at most; and every hour. */
    public static final Pace USUAL =
        new Pace(Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofHours(1));
  }

  /**
   * Starts to keep order. Without policies it does nothing.
   *
   * @param disk where the store is; shares of policies are shares of it
   * @param removed told after something was removed
   */
  public static Collector start(
      RefStore refs,
      List<GcPolicy> policies,
      FileStore disk,
      Runnable removed,
      Clock clock,
      Pace pace) {
    Collector collector = new Collector(refs, policies, disk, removed, clock, pace);
    collector.thread.start();
    return collector;
  }

  private Collector(
      RefStore refs,
      List<GcPolicy> policies,
      FileStore disk,
      Runnable removed,
      Clock clock,
      Pace pace) {
    this.refs = refs;
    this.policies = List.copyOf(policies);
    this.disk = disk;
    this.removed = removed;
    this.clock = clock;
    this.pace = pace;
    this.last = clock.instant().minus(pace.atMost());
    this.asked = clock.instant();
    this.thread = Thread.ofVirtual().name("kiln-gc").unstarted(this::loop);
  }

  /** A build ended: there may be something to collect. Returns at once. */
  public void ask() {
    lock.lock();
    try {
      if (asked == null) {
        asked = clock.instant();
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  private void loop() {
    if (policies.isEmpty()) {
      return;
    }
    try {
      while (awaitTurn()) {
        collect();
      }
    } catch (InterruptedException e) {
      log.debug("garbage collection was told to end");
    }
  }

  /** Waits until it is time; false when closed. */
  private boolean awaitTurn() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closed) {
        Instant now = clock.instant();
        Instant due = due();
        if (!now.isBefore(due)) {
          asked = null;
          last = now;
          return true;
        }
        long wait = Math.max(1, Duration.between(now, due).toMillis());
        var _ = changed.awaitNanos(wait * NANOS_PER_MS);
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  private Instant due() {
    if (asked == null) {
      return last.plus(pace.atLeast());
    }
    Instant wanted = asked.plus(pace.afterAsking());
    Instant allowed = last.plus(pace.atMost());
    return wanted.isBefore(allowed) ? allowed : wanted;
  }

  /** Applies all policies now, in order. */
  public void collect() {
    long[] freed = {0};
    int[] count = {0};
    try {
      long bytes = disk.getTotalSpace();
      for (GcPolicy policy : policies) {
        refs.prune(
            options(policy, bytes),
            record -> {
              freed[0] += record.bytes();
              count[0]++;
            });
      }
    } catch (IOException | RuntimeException e) {
      log.warn("could not collect garbage; it is tried again after the next build", e);
    }
    if (count[0] > 0) {
      log.info("garbage collection removed {} records of {} bytes", count[0], freed[0]);
      removed.run();
    }
  }

  private static PruneOptions options(GcPolicy policy, long diskBytes) {
    return new PruneOptions(
        policy.filters(),
        policy.all(),
        policy.keepDuration().isZero() ? null : policy.keepDuration(),
        policy.reservedSpace().asBytes(diskBytes),
        policy.maxUsedSpace().asBytes(diskBytes),
        policy.minFreeSpace().asBytes(diskBytes));
  }

  /** Ends after what is being collected. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
