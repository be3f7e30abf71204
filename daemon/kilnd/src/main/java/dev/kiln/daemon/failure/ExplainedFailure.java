package dev.kiln.daemon.failure;

import dev.kiln.wire.errdefs.Solve;
import dev.kiln.wire.error.Detailed;
import dev.kiln.wire.error.ErrorDetail;
import java.util.List;

/** A failure with the ids of trees that the client may open containers on. */
public final class ExplainedFailure extends RuntimeException implements Detailed {
  private final transient Solve solve;

  public ExplainedFailure(RuntimeException failure, Solve solve) {
    super(failure.getMessage(), failure);
    this.solve = solve;
  }

  @Override
  public List<ErrorDetail> details() {
    return List.of(new ErrorDetail.FailedSolve(solve));
  }
}
