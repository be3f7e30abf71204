package dev.kiln.cli.progress;

import com.google.protobuf.Timestamp;
import dev.kiln.snapshotter.content.Digest;
import dev.kiln.wire.control.StatusResponse;
import dev.kiln.wire.control.Vertex;
import dev.kiln.wire.control.VertexStatus;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;

/** A step of a build that this client takes, shown like those of the daemon. */
public final class OwnStep {
  private final StatusSink sink;
  private final InstantSource clock;
  private final Vertex vertex;

  private OwnStep(StatusSink sink, InstantSource clock, Vertex vertex) {
    this.sink = sink;
    this.clock = clock;
    this.vertex = vertex;
  }

  /** Starts a step and shows it. */
  public static OwnStep start(StatusSink sink, String name) {
    InstantSource clock = InstantSource.system();
    String id = Digest.of(UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8)).toString();
    Vertex vertex =
        Vertex.newBuilder().setDigest(id).setName(name).setStarted(time(clock.instant())).build();
    OwnStep step = new OwnStep(sink, clock, vertex);
    step.show(vertex);
    return step;
  }

  /** Shows how far a part of it is. */
  public void status(String name, Instant started, long current, long total, boolean done) {
    Timestamp now = time(clock.instant());
    VertexStatus.Builder status =
        VertexStatus.newBuilder()
            .setID(name)
            .setVertex(vertex.getDigest())
            .setStarted(time(started))
            .setTimestamp(now)
            .setCurrent(current)
            .setTotal(total);
    if (done) {
      status.setCompleted(now);
    }
    sink.accept(StatusResponse.newBuilder().addStatuses(status).build());
  }

  /** Ends it well. */
  public void done() {
    failed("");
  }

  /** Ends it with an error. */
  public void failed(String error) {
    show(vertex.toBuilder().setCompleted(time(clock.instant())).setError(error).build());
  }

  private void show(Vertex news) {
    sink.accept(StatusResponse.newBuilder().addVertexes(news).build());
  }

  private static Timestamp time(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }
}
