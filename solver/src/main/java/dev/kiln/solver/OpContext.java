package dev.kiln.solver;

import java.util.List;

/**
 * What an operation may ask of the solver while it works. Valid during the call that it was given
 * to, and for lazy results as long as the vertex is active. Safe for use by many threads.
 */
public interface OpContext {
  /** The vertex that is worked on. */
  Vertex vertex();

  /**
   * The sessions of all builds that want this vertex now, oldest first. Ask again each time a
   * session is needed: builds come and go.
   */
  List<String> sessions();

  /** The builds that want this vertex now, oldest first. */
  List<Job> jobs();

  /** Where to report progress of the vertex. */
  VertexProgress progress();

  /** Tells when nobody wants the work any more; the calling thread is interrupted as well. */
  Cancellation cancellation();

  /**
   * Solves a nested graph on behalf of this vertex. The graph stays active, and the result's handle
   * valid, until the vertex is released.
   *
   * @throws SolveException if the nested graph fails
   */
  CachedResult solve(Edge edge) throws SolveException;

  /** Runs something when the vertex is released. */
  void onRelease(Runnable cleanup);
}
