package dev.kiln.daemon;

import dev.kiln.daemon.worker.LooseBlobs;
import dev.kiln.snapshotter.ref.RefStore;
import dev.kiln.solver.cache.LocalCache;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is still to be done, beside the builds, when the last daemon did not close its state in
 * order. What a build needs before that is done is checked when it asks for it. Thread-safe.
 */
final class StoreCheck implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StoreCheck.class);

  private final Thread thread;
  private volatile boolean done;

  private StoreCheck(Runnable work) {
    this.thread = Thread.ofPlatform().daemon().name("kiln-check").unstarted(work);
  }

  /** Nothing is to be checked. */
  static StoreCheck none() {
    StoreCheck check = new StoreCheck(() -> {});
    check.done = true;
    return check;
  }

  /**
   * Removes what no record names, then starts to look at the rest on a thread of its own. Called
   * before there are builds.
   */
  static StoreCheck start(RefStore refs, LocalCache cache, LooseBlobs loose) {
    LOG.info("the state was not closed in order; it is checked");
    loose.collect();
    StoreCheck[] self = new StoreCheck[1];
    StoreCheck check = new StoreCheck(() -> self[0].run(refs, cache));
    self[0] = check;
    check.thread.start();
    return check;
  }

  private void run(RefStore refs, LocalCache cache) {
    try {
      cache.releaseUnreferenced();
      done = refs.content().settleAll();
      if (done) {
        LOG.info("the state is checked");
      }
    } catch (RuntimeException e) {
      LOG.warn("could not check the state; the next start will", e);
    }
  }

  /** Whether all was checked. */
  boolean isDone() {
    return done;
  }

  /** Stops checking. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
