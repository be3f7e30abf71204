package dev.kiln.daemon.progress;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnsafeByteOperations;
import dev.kiln.solver.ProgressEvent;
import dev.kiln.wire.control.Vertex;
import dev.kiln.wire.control.VertexLog;
import dev.kiln.wire.control.VertexStatus;
import dev.kiln.wire.control.VertexWarning;
import java.time.Instant;

/** The wire forms of the solver's progress events (control.proto). */
public final class WireProgress {
  private WireProgress() {}

  /** The wire form of a time. */
  public static Timestamp timestamp(Instant time) {
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano())
        .build();
  }

  static Vertex vertex(ProgressEvent.VertexUpdate event) {
    Vertex.Builder out =
        Vertex.newBuilder()
            .setDigest(event.vertex())
            .addAllInputs(event.inputs())
            .setName(event.name())
            .setCached(event.cached());
    if (event.started() != null) {
      out.setStarted(timestamp(event.started()));
    }
    if (event.completed() != null) {
      out.setCompleted(timestamp(event.completed()));
    }
    if (event.error() != null) {
      out.setError(event.error());
    }
    if (event.group() != null) {
      out.setProgressGroup(event.group());
    }
    return out.build();
  }

  static VertexStatus status(ProgressEvent.Status event) {
    VertexStatus.Builder out =
        VertexStatus.newBuilder()
            .setID(event.id())
            .setVertex(event.vertex())
            .setName(event.name())
            .setCurrent(event.current())
            .setTotal(event.total())
            .setTimestamp(timestamp(event.timestamp()));
    if (event.started() != null) {
      out.setStarted(timestamp(event.started()));
    }
    if (event.completed() != null) {
      out.setCompleted(timestamp(event.completed()));
    }
    return out.build();
  }

  static VertexLog log(ProgressEvent.Log event) {
    return VertexLog.newBuilder()
        .setVertex(event.vertex())
        .setStream(event.stream())
        .setTimestamp(timestamp(event.timestamp()))
        .setMsg(UnsafeByteOperations.unsafeWrap(event.bytes()))
        .build();
  }

  static VertexWarning warning(ProgressEvent.Warning event) {
    VertexWarning.Builder out =
        VertexWarning.newBuilder()
            .setVertex(event.vertex())
            .setLevel(event.level())
            .setShort(ByteString.copyFromUtf8(event.summary()))
            .setUrl(event.url())
            .addAllRanges(event.ranges());
    event.detail().forEach(line -> out.addDetail(ByteString.copyFromUtf8(line)));
    if (event.source() != null) {
      out.setInfo(event.source());
    }
    return out.build();
  }
}
