package dev.kiln.solver.engine;

import dev.kiln.solver.CacheKey;
import dev.kiln.solver.SolveException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one consumer wants of an edge. When the edge turns out to equal another, its demands move
 * there. Fields are guarded by the lock of the edge that the demand stands at.
 */
final class Demand {
  /** The edge that the demand stands at; changes under the locks of both edges. */
  private volatile EdgeState at;

  /** Called without any lock when there is something new. */
  final Runnable onNews;

  Level level = Level.NONE;
  int seenKeys;
  boolean withdrawn;

  Demand(EdgeState at, Runnable onNews) {
    this.at = at;
    this.onNews = onNews;
  }

  /**
   * What is known of the edge.
   *
   * @param level how far
   * @param freshKeys keys that this demand did not see before
   * @param result set when complete
   * @param failure set when there will never be a result
   */
  record News(
      Level level,
      List<CacheKey> freshKeys,
      @Nullable SolvedEdge result,
      @Nullable SolveException failure) {}

  EdgeState at() {
    return at;
  }

  /** Called under the locks of both edges. */
  void moveTo(EdgeState other) {
    at = other;
    seenKeys = 0;
  }

  /** Asks for at least this level. */
  void raise(Level to) {
    while (!at.raise(this, to)) {
      Thread.onSpinWait();
    }
  }

  /** Ends the demand; work that nobody else wants is cancelled. */
  void withdraw() {
    while (!at.withdraw(this)) {
      Thread.onSpinWait();
    }
  }

  /** Takes what is new. */
  News poll() {
    while (true) {
      News news = at.poll(this);
      if (news != null) {
        return news;
      }
      Thread.onSpinWait();
    }
  }
}
