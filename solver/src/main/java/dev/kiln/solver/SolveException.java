package dev.kiln.solver;

import org.jspecify.annotations.Nullable;

/**
 * Why an edge has no result. The message is the text for people; {@link #getCause} is what the
 * operation threw.
 */
public class SolveException extends Exception {
  private static final long serialVersionUID = 1L;

  /** The part of the work that failed. */
  public enum Stage {
    /** Asking the operation for its key. */
    CACHE_MAP,
    /** Making an input ready or hashing its content. */
    CONTENT_KEY,
    /** Running the operation. */
    RUN,
    /** The solver itself. */
    SOLVER
  }

  private final transient @Nullable Vertex vertex;
  private final Stage stage;
  private final int input;

  /**
   * Makes the exception.
   *
   * @param vertex where it happened; null if it belongs to none
   * @param input index of the input whose content key failed, else -1
   */
  public SolveException(
      String message, @Nullable Vertex vertex, Stage stage, int input, @Nullable Throwable cause) {
    super(message, cause);
    this.vertex = vertex;
    this.stage = stage;
    this.input = input;
  }

  /** The vertex that failed; null if the failure belongs to none. */
  public @Nullable Vertex vertex() {
    return vertex;
  }

  /** What was being done. */
  public Stage stage() {
    return stage;
  }

  /** Index of the input whose content key could not be made; -1 for other stages. */
  public int input() {
    return input;
  }
}
