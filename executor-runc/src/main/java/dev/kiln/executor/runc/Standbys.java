package dev.kiln.executor.runc;

import dev.kiln.executor.process.Background;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one call of runc ready while containers run, for the next one, and for {@link #KEPT} at
 * most. Thread-safe.
 */
final class Standbys implements AutoCloseable {
  /** Steps that take longer do not notice what is saved. */
  static final Duration KEPT = Duration.ofSeconds(2);

  private static final Logger LOG = LoggerFactory.getLogger(Standbys.class);

  /** Others may want to know the size of their specification, or map it into memory. */
  private static final Set<String> READERS_OF_PIPES = Set.of("runc", "buildkit-runc");

  private final RuncCommand runtime;
  private final Path bundles;
  private final boolean possible;
  private final Executor later;
  private @Nullable Standby ready;
  private boolean starting;
  private boolean closed;

  /**
   * Starts nothing yet.
   *
   * @param bundles where bundles are
   * @param later runs what it is given after {@link #KEPT}
   */
  Standbys(RuncCommand runtime, Path bundles, Executor later) {
    this.runtime = runtime;
    this.bundles = bundles;
    this.possible = READERS_OF_PIPES.contains(runtime.name());
    this.later = later;
  }

  /** What runs tasks when calls have been kept for long enough. */
  static Executor afterKept() {
    return CompletableFuture.delayedExecutor(
        KEPT.toMillis(), TimeUnit.MILLISECONDS, task -> Background.run("kiln-standby", task));
  }

  /** The call that is ready, if there is one; it is the caller's now. */
  synchronized Optional<Standby> take() {
    Optional<Standby> taken = Optional.ofNullable(ready);
    ready = null;
    return taken;
  }

  /** Has one made ready, unless there is one; returns at once. */
  synchronized void prepare() {
    if (possible && ready == null && !starting && !closed) {
      starting = true;
      Background.run("kiln-standby", this::start);
    }
  }

  private void start() {
    Standby made = null;
    try {
      // Of no other daemon on this machine either: the container's cgroup is called so.
      String id = "standby" + UUID.randomUUID().toString().replace("-", "");
      made = Standby.start(runtime, id, bundles.resolve(id));
    } catch (IOException e) {
      LOG.debug("the runtime could not be started ahead: {}", e.getMessage());
    }
    synchronized (this) {
      starting = false;
      ready = made;
      notifyAll();
    }
    if (made != null) {
      Standby kept = made;
      later.execute(() -> drop(kept));
    }
  }

  private void drop(Standby old) {
    synchronized (this) {
      if (ready != old) {
        return;
      }
      ready = null;
    }
    end(old);
  }

  /** Ends a call that got nothing to run; does nothing to others. */
  static void end(Standby standby) {
    try {
      standby.close();
    } catch (IOException e) {
      LOG.warn("could not remove what was started ahead: {}", e.getMessage());
    }
  }

  /** Ends what is ready; there will be none again. */
  @Override
  public void close() {
    boolean interrupted = false;
    Standby last;
    synchronized (this) {
      closed = true;
      while (starting) {
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      last = ready;
      ready = null;
    }
    if (last != null) {
      end(last);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
