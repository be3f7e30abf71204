package dev.kiln.cli.build;

import dev.kiln.cli.progress.SourceExcerpt;
import dev.kiln.wire.error.ErrorDetail;
import dev.kiln.wire.error.ErrorStatus;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.CancellationException;

/** What a person is told of a build that failed, and what the calling program is. */
public final class BuildFailure {
  private static final int INTERNAL = 100;
  private static final int EXHAUSTED = 102;
  private static final int CANCELED = 130;

  private BuildFailure() {}

  /** Prints the places in sources that an error is about, and its text; returns the exit code. */
  public static int report(Throwable error, PrintStream err) {
    List<ErrorDetail> details = ErrorStatus.details(error);
    for (ErrorDetail detail : details.reversed()) {
      if (detail instanceof ErrorDetail.Source(var source)) {
        err.print(SourceExcerpt.of(source.getInfo(), source.getRangesList()));
      }
    }
    err.println("ERROR: failed to build: " + text(error));
    return exitCode(error);
  }

  private static String text(Throwable error) {
    if (!(error instanceof StatusRuntimeException status)) {
      return String.valueOf(error.getMessage());
    }
    Status.Code code = status.getStatus().getCode();
    String message = String.valueOf(status.getStatus().getDescription());
    if (code == Status.Code.CANCELLED) {
      return "failed to solve: Canceled: context canceled";
    }
    if (code == Status.Code.UNIMPLEMENTED
        && message.contains("unsupported frontend capability moby.buildkit.frontend.contexts")) {
      return "this frontend does not support --build-context; use a newer one with #syntax";
    }
    return "failed to solve: " + (code == Status.Code.UNKNOWN ? "" : label(code)) + message;
  }

  /** Go's name for a code, as other clients print it. */
  private static String label(Status.Code code) {
    StringBuilder name = new StringBuilder();
    for (String word : code.name().split("_", -1)) {
      name.append(word.charAt(0)).append(word.substring(1).toLowerCase(java.util.Locale.ROOT));
    }
    return name + ": ";
  }

  private static int exitCode(Throwable error) {
    Status.Code code =
        error instanceof StatusRuntimeException status
            ? status.getStatus().getCode()
            : Status.Code.UNKNOWN;
    return switch (code) {
      case INTERNAL -> INTERNAL;
      case RESOURCE_EXHAUSTED -> EXHAUSTED;
      case CANCELLED -> CANCELED;
      default -> error instanceof CancellationException ? CANCELED : 1;
    };
  }
}
