package dev.kiln.solver;

/**
 * A handle on something that an operation made. Whoever holds a handle releases it once; the thing
 * lives as long as one handle does. An empty (scratch) result is a value like any other.
 * Implementations are safe for use by many threads.
 */
public interface Result {
  /** Names the thing, equal for all handles of it, for messages and comparison. */
  String id();

  /** Gives another handle on the same thing. */
  Result retain();

  /** Gives this handle up. Called once for each handle. */
  void release();
}
