package dev.kiln.solver;

import java.util.Optional;

/** Holds the graph of everything that is being built. Safe for use by many threads. */
public interface Solver extends AutoCloseable {
  /**
   * Starts a build.
   *
   * @param id the client's reference; unique among open jobs
   * @param sessionId the session that serves it; empty for none
   * @throws IllegalArgumentException if a job of that id is open
   */
  Job newJob(String id, String sessionId, ProgressSink sink);

  /** The open job of that id. */
  Optional<Job> job(String id);

  /** How many vertices are active, for metrics and tests. */
  int activeVertices();

  /** Waits for what is being written and frees threads. Jobs must be closed before. */
  @Override
  void close();
}
