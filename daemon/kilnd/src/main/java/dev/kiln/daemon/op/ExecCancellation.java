package dev.kiln.daemon.op;

import dev.kiln.executor.CancellationSource;
import dev.kiln.solver.Cancellation;

/** Passes the solver's wish to stop on to the executor, for the time of one run. */
final class ExecCancellation implements AutoCloseable {
  private final CancellationSource source = new CancellationSource();
  private final Cancellation.Registration registration;

  ExecCancellation(Cancellation from) {
    registration = from.onCancel(() -> source.cancel(null));
  }

  /** What the executor listens to. */
  dev.kiln.executor.Cancellation signal() {
    return source;
  }

  @Override
  public void close() {
    registration.close();
  }
}
