package dev.kiln.daemon.failure;

import dev.kiln.dockerfile.bridge.FrontendException;
import dev.kiln.wire.errdefs.Source;
import dev.kiln.wire.error.Coded;
import dev.kiln.wire.error.Detailed;
import dev.kiln.wire.error.ErrorDetail;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A build that the built-in frontend refused, with what clients need to show why. */
public final class FrontendFailure extends RuntimeException implements Detailed, Coded {
  private final transient FrontendException failure;

  public FrontendFailure(FrontendException failure) {
    super(failure.getMessage(), failure.getCause());
    this.failure = failure;
  }

  @Override
  public List<ErrorDetail> details() {
    List<ErrorDetail> details = new ArrayList<>();
    switch (failure.reason()) {
      case FAILED -> {}
      case UNSUPPORTED_CAPABILITY -> details.add(new ErrorDetail.FrontendCap(failure.subject()));
      case UNSUPPORTED_SUBREQUEST -> details.add(new ErrorDetail.Subrequest(failure.subject()));
    }
    for (FrontendException.Source source : failure.sources().reversed()) {
      details.add(
          new ErrorDetail.Source(
              Source.newBuilder().setInfo(source.info()).addAllRanges(source.ranges()).build()));
    }
    return details;
  }

  @Override
  public Status.Code code() {
    return switch (failure.reason()) {
      case UNSUPPORTED_CAPABILITY, UNSUPPORTED_SUBREQUEST -> Status.Code.UNIMPLEMENTED;
      case FAILED -> inherited(failure.getCause());
    };
  }

  private static Status.Code inherited(@Nullable Throwable cause) {
    for (Throwable at = cause; at != null; at = at.getCause()) {
      if (at instanceof Coded coded) {
        return coded.code();
      }
      if (at instanceof io.grpc.StatusRuntimeException status) {
        return status.getStatus().getCode();
      }
    }
    return Status.Code.UNKNOWN;
  }
}
