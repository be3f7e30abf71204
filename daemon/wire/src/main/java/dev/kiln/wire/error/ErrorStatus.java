package dev.kiln.wire.error;

import com.google.protobuf.Any;
import com.google.rpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Errors to and from gRPC statuses with BuildKit's typed details. Thread-safe.
 *
 * <p>The code is that of the first exception in the chain of causes that knows one ({@link Coded},
 * a gRPC status, a cancellation, a time-out), else UNKNOWN, as BuildKit sends for ordinary build
 * errors. The text is the outermost exception's. Details are collected from the outermost exception
 * inwards.
 */
public final class ErrorStatus {
  /** All details together; clients break the connection over trailers that grow too large. */
  public static final int MAX_DETAILS_BYTES = 1 << 20;

  private static final int MAX_MESSAGE_CHARS = 64 << 10;
  private static final int MAX_CAUSES = 64;

  private ErrorStatus() {}

  /** The status of an error, with the details that it and its causes carry. */
  public static StatusRuntimeException of(Throwable error) {
    Throwable outermost = unwrap(error);
    List<Any> details = new ArrayList<>();
    io.grpc.Status.@Nullable Code code = null;
    Throwable cause = outermost;
    for (int i = 0; cause != null && i < MAX_CAUSES; i++, cause = cause.getCause()) {
      if (cause instanceof Detailed detailed) {
        detailed.details().forEach(detail -> details.add(DetailJson.encode(detail)));
      }
      if (cause instanceof StatusException || cause instanceof StatusRuntimeException) {
        Status status = StatusProto.fromThrowable(cause);
        details.addAll(status == null ? List.of() : status.getDetailsList());
      }
      if (code == null) {
        code = codeOf(cause);
      }
    }
    return status(code == null ? io.grpc.Status.Code.UNKNOWN : code, message(outermost), details);
  }

  /** A status with these details, outermost first. */
  public static StatusRuntimeException of(
      io.grpc.Status.Code code, String message, List<ErrorDetail> details) {
    return status(code, message, details.stream().map(DetailJson::encode).toList());
  }

  /** The details of an error that a call ended with, outermost first; empty if it has none. */
  public static List<ErrorDetail> details(Throwable error) {
    Status status = StatusProto.fromThrowable(error);
    return status == null
        ? List.of()
        : status.getDetailsList().stream().map(DetailJson::decode).toList();
  }

  private static StatusRuntimeException status(
      io.grpc.Status.Code code, String message, List<Any> details) {
    String text =
        message.length() > MAX_MESSAGE_CHARS
            ? message.substring(0, MAX_MESSAGE_CHARS) + " [cut]"
            : message;
    io.grpc.Status.Code shown = code == io.grpc.Status.Code.OK ? io.grpc.Status.Code.UNKNOWN : code;
    return StatusProto.toStatusRuntimeException(
        Status.newBuilder()
            .setCode(shown.value())
            .setMessage(text)
            .addAllDetails(capped(details))
            .build());
  }

  /** Without the largest ones, as many as it takes to keep the limit; the order stays. */
  private static List<Any> capped(List<Any> details) {
    List<Any> kept = new ArrayList<>(details);
    long total = kept.stream().mapToLong(Any::getSerializedSize).sum();
    while (total > MAX_DETAILS_BYTES) {
      Any largest =
          kept.stream().max(Comparator.comparingInt(Any::getSerializedSize)).orElseThrow();
      total -= largest.getSerializedSize();
      kept.remove(largest);
    }
    return kept;
  }

  private static Throwable unwrap(Throwable error) {
    Throwable inner = error;
    while ((inner instanceof ExecutionException || inner instanceof CompletionException)
        && inner.getCause() != null) {
      inner = inner.getCause();
    }
    return inner;
  }

  private static io.grpc.Status.@Nullable Code codeOf(Throwable cause) {
    return switch (cause) {
      case Coded coded -> coded.code();
      case StatusRuntimeException status -> status.getStatus().getCode();
      case StatusException status -> status.getStatus().getCode();
      case CancellationException _, InterruptedException _ -> io.grpc.Status.Code.CANCELLED;
      case TimeoutException _ -> io.grpc.Status.Code.DEADLINE_EXCEEDED;
      default -> null;
    };
  }

  private static String message(Throwable error) {
    String text =
        switch (error) {
          case StatusRuntimeException status -> status.getStatus().getDescription();
          case StatusException status -> status.getStatus().getDescription();
          default -> error.getMessage();
        };
    return text != null ? text : error.getClass().getSimpleName();
  }
}
