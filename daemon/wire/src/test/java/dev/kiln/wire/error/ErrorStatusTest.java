package dev.kiln.wire.error;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.kiln.solver.pb.Op;
import dev.kiln.solver.pb.Platform;
import dev.kiln.solver.pb.Position;
import dev.kiln.solver.pb.Range;
import dev.kiln.solver.pb.SourceInfo;
import dev.kiln.wire.errdefs.CompatibilityFeature;
import dev.kiln.wire.errdefs.FileAction;
import dev.kiln.wire.errdefs.Solve;
import dev.kiln.wire.errdefs.Source;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class ErrorStatusTest {
  private static final ErrorDetail SOURCE =
      new ErrorDetail.Source(
          Source.newBuilder()
              .setInfo(
                  SourceInfo.newBuilder()
                      .setFilename("Dockerfile")
                      .setData(ByteString.copyFromUtf8("FROM a\n")))
              .addRanges(
                  Range.newBuilder()
                      .setStart(Position.newBuilder().setLine(1))
                      .setEnd(Position.newBuilder().setLine(2).setCharacter(3)))
              .build());

  private static final ErrorDetail SOLVE =
      new ErrorDetail.FailedSolve(
          Solve.newBuilder()
              .addInputIDs("in")
              .setOp(Op.newBuilder().setPlatform(Platform.newBuilder().setArchitecture("arm64")))
              .setFile(FileAction.newBuilder().setIndex(4))
              .build());

  private static final class StepFailed extends RuntimeException implements Detailed {
    private static final long serialVersionUID = 1L;

    StepFailed(String message, Throwable cause) {
      super(message, cause);
    }

    @Override
    public List<ErrorDetail> details() {
      return List.of(new ErrorDetail.Vertex("sha256:abc"), new ErrorDetail.Exit(1, ""));
    }
  }

  @Test
  void jsonIsWhatStockClientsRead() {
    assertThat(json(new ErrorDetail.Vertex("sha256:abc"))).isEqualTo("{\"digest\":\"sha256:abc\"}");
    assertThat(json(SOURCE))
        .isEqualTo(
            "{\"info\":{\"filename\":\"Dockerfile\",\"data\":\"RlJPTSBhCg==\"},\"ranges\":"
                + "[{\"start\":{\"line\":1},\"end\":{\"line\":2,\"character\":3}}]}");
    assertThat(json(SOLVE))
        .isEqualTo(
            "{\"inputIDs\":[\"in\"],\"op\":{\"platform\":{\"Architecture\":\"arm64\"}},"
                + "\"file\":{\"index\":\"4\"}}");
    assertThat(json(new ErrorDetail.Exit(127, ""))).isEqualTo("{\"Code\":127}");
    assertThat(json(new ErrorDetail.Frontend("dockerfile.v0", "")))
        .isEqualTo("{\"name\":\"dockerfile.v0\"}");
    assertThat(json(new ErrorDetail.PolicyDecision(2, List.of("no"))))
        .isEqualTo("{\"action\":2,\"denyMessages\":[{\"message\":\"no\"}]}");
  }

  @Test
  void everyDetailComesBack() {
    List<ErrorDetail> details =
        List.of(
            new ErrorDetail.Frontend("gateway.v0", "docker/dockerfile"),
            SOURCE,
            SOLVE,
            new ErrorDetail.Vertex("sha256:abc"),
            new ErrorDetail.Exit(7, "killed"),
            new ErrorDetail.Subrequest("x"),
            new ErrorDetail.FrontendCap("cap"),
            new ErrorDetail.Compatibility(
                CompatibilityFeature.newBuilder().setVersion(30).setFeature("f").build()),
            new ErrorDetail.PolicyDecision(1, List.of("a", "b")),
            new ErrorDetail.Other("example.com/x", ByteString.copyFromUtf8("?")));

    StatusRuntimeException error = ErrorStatus.of(Status.Code.UNKNOWN, "failed", details);

    assertThat(ErrorStatus.details(error)).isEqualTo(details);
    assertThat(error.getStatus().getDescription()).isEqualTo("failed");
  }

  @Test
  void unreadableDetailIsPassedOn() {
    Any broken =
        Any.newBuilder().setTypeUrl(TypeUrls.VERTEX).setValue(ByteString.copyFromUtf8("{")).build();
    assertThat(DetailJson.decode(broken))
        .isEqualTo(new ErrorDetail.Other(TypeUrls.VERTEX, ByteString.copyFromUtf8("{")));
  }

  @Test
  void codeAndDetailsComeFromTheWholeChain() {
    StatusRuntimeException inner =
        ErrorStatus.of(Status.Code.NOT_FOUND, "gone", List.of(new ErrorDetail.Subrequest("inner")));
    var error = new StepFailed("process failed", new IOException("io", inner));

    StatusRuntimeException status = ErrorStatus.of(new ExecutionException(error));

    assertThat(status.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
    assertThat(status.getStatus().getDescription()).isEqualTo("process failed");
    assertThat(ErrorStatus.details(status))
        .containsExactly(
            new ErrorDetail.Vertex("sha256:abc"),
            new ErrorDetail.Exit(1, ""),
            new ErrorDetail.Subrequest("inner"));
  }

  @Test
  void codesOfPlainExceptions() {
    assertThat(code(new IOException("x"))).isEqualTo(Status.Code.UNKNOWN);
    assertThat(code(new InterruptedException())).isEqualTo(Status.Code.CANCELLED);
    assertThat(code(new IOException("x", new TimeoutException())))
        .isEqualTo(Status.Code.DEADLINE_EXCEEDED);
  }

  @Test
  void largestDetailsAreDroppedFirst() {
    byte[] large = new byte[2 * ErrorStatus.MAX_DETAILS_BYTES];
    var big = new ErrorDetail.Other("example.com/big", ByteString.copyFrom(large));
    var vertex = new ErrorDetail.Vertex("sha256:abc");

    var error = ErrorStatus.of(Status.Code.UNKNOWN, "m", List.of(big, vertex));

    assertThat(ErrorStatus.details(error)).containsExactly(vertex);
  }

  private static Status.Code code(Throwable error) {
    return ErrorStatus.of(error).getStatus().getCode();
  }

  private static String json(ErrorDetail detail) {
    var status =
        StatusProto.fromThrowable(ErrorStatus.of(Status.Code.UNKNOWN, "m", List.of(detail)));
    return status.getDetails(0).getValue().toStringUtf8();
  }
}
