package dev.kiln.daemon.op;

/** An action of a file op that failed. */
public final class FileActionFailure extends Exception {
  private final int index;

  FileActionFailure(int index, Exception cause) {
    super(cause.getMessage(), cause);
    this.index = index;
  }

  /** Index of the action in the op. */
  public int index() {
    return index;
  }
}
