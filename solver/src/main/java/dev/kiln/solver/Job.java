package dev.kiln.solver;

import java.util.List;
import java.util.Optional;

/** One build: what keeps vertices active and takes their progress. Safe for use by many threads. */
public interface Job extends AutoCloseable {
  /** The id that the client chose (its build reference). */
  String id();

  /** The sessions that serve this build, in the order they came. */
  List<String> sessions();

  /** Adds a session that serves this build too. */
  void addSession(String sessionId);

  /**
   * Solves an edge. Announces all vertices of its graph, then blocks until there is a result that
   * is durably recorded. The graph stays active until the job is closed.
   *
   * @param imports further caches to look into for the vertices of this graph
   * @param cancellation gives up when signalled
   * @throws SolveException if a step failed
   * @throws java.util.concurrent.CancellationException if the build was cancelled
   */
  CachedResult build(Edge edge, List<CacheSource> imports, Cancellation cancellation)
      throws SolveException;

  /**
   * The operation of a vertex of a graph that this build solved, while the job is open.
   *
   * @return empty when the vertex was not needed so far
   */
  Optional<Operation> operation(Vertex vertex);

  /**
   * The keys under which the results of an edge of a solved graph are known so far, while the job
   * is open; none for an edge that was not needed.
   */
  List<CacheKey> keys(Edge edge);

  /**
   * Shows work that is no vertex of the graph (an export, a metadata look-up) as one.
   *
   * @param idText text whose digest identifies the pseudo vertex
   * @param name what to show
   * @param work gets the place to report to; its failure is shown and thrown on
   */
  <T> T inContext(String idText, String name, PseudoVertex<T> work) throws Exception;

  /** Runs something when the job is closed, or now if it is closed already. */
  void onClose(Runnable cleanup);

  /** Lets go of all vertices; those that no other build wants are released. Idempotent. */
  @Override
  void close();

  /** Ends the progress: vertices that are still open are shown as cancelled. Idempotent. */
  void closeProgress();

  /** Work shown as a vertex. */
  @FunctionalInterface
  interface PseudoVertex<T> {
    /** Does it. */
    T run(VertexProgress progress) throws Exception;
  }
}
