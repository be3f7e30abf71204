package dev.kiln.executor.runc;

import dev.kiln.executor.Cancellation;
import dev.kiln.executor.CancelledException;
import dev.kiln.executor.ContainerListener;
import dev.kiln.executor.ExitException;
import dev.kiln.executor.RunningProcess;
import dev.kiln.executor.SetupException;
import dev.kiln.executor.process.Background;
import dev.kiln.executor.process.ChildProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One call of the runtime in the foreground: from its start to its end, or to its killing. */
final class RuntimeCall {
  private static final Logger LOG = LoggerFactory.getLogger(RuntimeCall.class);
  private static final int SIGKILL = 9;
  private static final int SIGWINCH = 28;
  private static final Duration KILL_PAUSE = Duration.ofMillis(20);
  private static final Duration KILL_LIMIT = Duration.ofSeconds(10);

  private static final int CODE_OF_KILLED = 128 + SIGKILL;

  private final Killer killer;
  private volatile boolean killed;

  /** Kills the process in the container, which the runtime then reports as ended. */
  @FunctionalInterface
  interface Killer {
    /** Whether there was a process to kill; there may be one a moment later. */
    boolean kill() throws IOException;
  }

  /** Starts the runtime with these descriptors. */
  @FunctionalInterface
  interface Starter {
    ChildProcess start(ChildProcess.Standard standard) throws IOException;
  }

  /** Makes what carries the bytes. */
  @FunctionalInterface
  interface Connector {
    Forwarding connect() throws IOException;
  }

  RuntimeCall(Killer killer) {
    this.killer = killer;
  }

  /**
   * Starts the runtime and waits for its end.
   *
   * @return the exit code of the process in the container, or the runtime's own if that failed
   */
  int run(
      Starter starter, Connector connector, ContainerListener listener, Cancellation cancellation)
      throws SetupException, CancelledException {
    if (cancellation.isCancelled()) {
      throw cancelled(cancellation);
    }
    try (Forwarding forwarding = connector.connect()) {
      ChildProcess child = starter.start(forwarding.standard());
      forwarding.childStarted();
      try {
        listener.started(new Handle(child, forwarding));
        int code = await(child, cancellation);
        // A process that is killed while it is being made is a failure of the runtime's own.
        return killed && code != 0 ? CODE_OF_KILLED : code;
      } finally {
        if (!child.exit().isDone()) {
          end(child); // the listener failed
        }
        forwarding.finish();
      }
    } catch (IOException e) {
      throw new SetupException("could not start the container runtime: " + e.getMessage(), e);
    }
  }

  private int await(ChildProcess child, Cancellation cancellation) throws CancelledException {
    var stop = new CompletableFuture<Void>();
    Cancellation.Registration registration = cancellation.onCancel(() -> stop.complete(null));
    try {
      CompletableFuture.anyOf(child.exit(), stop).get();
      if (child.exit().isDone()) {
        return child.exit().get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      LOG.warn("could not learn how a process ended", e.getCause());
      return ExitException.UNKNOWN;
    } finally {
      registration.close();
    }
    end(child);
    throw cancelled(cancellation);
  }

  private static CancelledException cancelled(Cancellation cancellation) {
    return new CancelledException("context canceled", cancellation.cause());
  }

  /** Kills until the child has ended; the container may still be in the making. */
  private void end(ChildProcess child) {
    long deadline = System.nanoTime() + KILL_LIMIT.toNanos();
    while (true) {
      if (!killed) {
        killed = tryToKill();
      }
      if (System.nanoTime() > deadline) {
        LOG.warn("the runtime does not end its process {}: killing the runtime", child.pid());
        child.signal(SIGKILL);
      }
      if (endsWithin(child, KILL_PAUSE)) {
        return;
      }
    }
  }

  private boolean tryToKill() {
    try {
      return killer.kill();
    } catch (IOException e) {
      LOG.warn("could not kill a process: {}", e.getMessage());
      return false;
    }
  }

  /** An interruption is kept for later: what is being killed has to be waited for. */
  private static boolean endsWithin(ChildProcess child, Duration time) {
    boolean interrupted = Thread.interrupted();
    try {
      child.exit().get(time.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException e) {
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      interrupted = true;
      return child.exit().isDone();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** What the caller may do with the process. */
  private final class Handle implements RunningProcess {
    private final ChildProcess child;
    private final Forwarding forwarding;

    Handle(ChildProcess child, Forwarding forwarding) {
      this.child = child;
      this.forwarding = forwarding;
    }

    /** The runtime hands signals on, but for the one that would end it alone. */
    @Override
    public void signal(int number) {
      if (number == SIGKILL) {
        Background.run("kiln-kill", () -> end(child));
      } else {
        child.signal(number);
      }
    }

    @Override
    public void resize(int columns, int rows) {
      if (forwarding.resize(columns, rows)) {
        child.signal(SIGWINCH);
      }
    }
  }
}
