package dev.kiln.daemon.op;

import dev.kiln.daemon.failure.KeptTrees;

/** An action of a file op that failed. */
public final class FileActionFailure extends Exception implements KeptTrees.Holder {
  private final int index;
  private final transient KeptTrees trees;

  FileActionFailure(int index, Exception cause, KeptTrees trees) {
    super(cause.getMessage(), cause);
    this.index = index;
    this.trees = trees;
  }

  /** Index of the action in the op. */
  public int index() {
    return index;
  }

  @Override
  public KeptTrees trees() {
    return trees;
  }
}
