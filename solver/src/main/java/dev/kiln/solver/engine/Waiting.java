package dev.kiln.solver.engine;

import dev.kiln.solver.Cancellation;
import dev.kiln.solver.SolveException;
import dev.kiln.solver.engine.Demand.News;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Semaphore;

/** How a caller waits for an edge. */
final class Waiting {
  private Waiting() {}

  /**
   * Waits for the result of an edge.
   *
   * @return a handle of the caller's
   * @throws CancellationException if the caller is interrupted or the signal is given
   */
  static SolvedEdge forResult(EdgeState edge, Cancellation cancellation) throws SolveException {
    Semaphore signal = new Semaphore(0);
    Demand demand = edge.demand(signal::release);
    Cancellation.Registration registration = cancellation.onCancel(signal::release);
    try {
      demand.raise(Level.COMPLETE);
      while (true) {
        News news = demand.poll();
        if (news.result() != null) {
          return news.result().retain();
        }
        if (news.failure() != null) {
          // What fails because its build is closed is no failure.
          cancellation.throwIfCancelled();
          throw news.failure();
        }
        cancellation.throwIfCancelled();
        signal.acquire();
        signal.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("context canceled");
    } finally {
      registration.close();
      demand.withdraw();
    }
  }
}
