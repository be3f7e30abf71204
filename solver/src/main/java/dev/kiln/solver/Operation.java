package dev.kiln.solver;

import java.util.List;

/**
 * How one vertex is keyed and run. One object serves all builds that want the vertex while it is
 * active; calls to {@link #cacheMap} do not overlap each other, nor do calls to {@link #run}.
 */
public interface Operation {
  /**
   * Tells the key of the operation itself. Only an operation without inputs may have several, asked
   * for by rising index until one says that it is the last.
   *
   * @param index 0 for the first
   */
  CacheMap cacheMap(int index, OpContext context) throws Exception;

  /**
   * Does the work.
   *
   * @param inputs one result for each input edge; the handles stay the solver's: retain what is
   *     kept
   * @return one new handle for each output
   */
  List<Result> run(List<Result> inputs, OpContext context) throws Exception;

  /**
   * What a source turned out to stand for, such as an image's digest or a commit; empty for others,
   * and before it is known. For explanations.
   */
  default String resolved() {
    return "";
  }

  /** Whether {@link #run} counts against the limit of parallel steps. */
  default Weight weight() {
    return Weight.LIMITED;
  }

  /** How {@link #run} counts against the limit of parallel steps. */
  enum Weight {
    /** Takes one place while it runs. */
    LIMITED,
    /** Takes none: it does little, or waits for other steps. */
    FREE
  }
}
