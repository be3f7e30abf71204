package dev.kiln.executor;

/** The process ran and ended with an exit code that is not one of its valid ones. */
public final class ExitException extends ExecutorException {
  /** The code of a process whose end is not known. */
  public static final int UNKNOWN = 255;

  private final int code;
  private final boolean outOfMemory;

  public ExitException(int code, boolean outOfMemory) {
    super(outOfMemory ? "cannot allocate memory" : "exit code: " + code, null);
    this.code = code;
    this.outOfMemory = outOfMemory;
  }

  /** 0 to 255; 128 plus the signal's number when a signal ended the process. */
  public int code() {
    return code;
  }

  /** Whether the kernel killed a process of the container because memory ran out. */
  public boolean outOfMemory() {
    return outOfMemory;
  }
}
