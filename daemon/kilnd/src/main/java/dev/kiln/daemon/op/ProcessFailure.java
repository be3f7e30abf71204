package dev.kiln.daemon.op;

import dev.kiln.daemon.failure.KeptTrees;
import dev.kiln.dockerfile.text.Quoted;
import dev.kiln.executor.ExecutorException;
import dev.kiln.executor.ExitException;
import dev.kiln.wire.error.Coded;
import dev.kiln.wire.error.Detailed;
import dev.kiln.wire.error.ErrorDetail;
import io.grpc.Status;
import java.util.List;

/** A process that did not succeed; the text is the one that BuildKit's users know. */
public final class ProcessFailure extends Exception implements Detailed, Coded, KeptTrees.Holder {
  private final String message;
  private final int exitCode;
  private final boolean outOfMemory;

  private final transient KeptTrees trees;

  ProcessFailure(List<String> args, ExecutorException cause, KeptTrees trees) {
    super(
        "process "
            + Quoted.quoted(String.join(" ", args))
            + " did not complete successfully: "
            + cause.getMessage(),
        cause);
    this.trees = trees;
    this.message = String.valueOf(cause.getMessage());
    this.exitCode = cause instanceof ExitException exit ? exit.code() : ExitException.UNKNOWN;
    this.outOfMemory = cause instanceof ExitException exit && exit.outOfMemory();
  }

  /** 0 to 255; 255 when the process could not be started. */
  public int exitCode() {
    return exitCode;
  }

  /** Whether the process was killed because memory ran out. */
  public boolean outOfMemory() {
    return outOfMemory;
  }

  @Override
  public KeptTrees trees() {
    return trees;
  }

  @Override
  public List<ErrorDetail> details() {
    return List.of(new ErrorDetail.Exit(exitCode, message));
  }

  @Override
  public Status.Code code() {
    return outOfMemory ? Status.Code.RESOURCE_EXHAUSTED : Status.Code.UNKNOWN;
  }
}
