package dev.kiln.solver;

/**
 * Limits of a solver.
 *
 * @param maxParallelism steps that run at once over all builds; 0 for no limit
 * @param replayLogBytes output of an active vertex that is kept for builds that join it later
 */
public record SolverOptions(int maxParallelism, int replayLogBytes) {
  /** No limit on steps, 256 KiB of output kept for each active vertex. */
  public static final SolverOptions DEFAULT = new SolverOptions(0, 256 * 1024);
}
