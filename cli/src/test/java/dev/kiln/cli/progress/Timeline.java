package dev.kiln.cli.progress;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.kiln.solver.pb.ProgressGroup;
import dev.kiln.wire.control.StatusResponse;
import dev.kiln.wire.control.Vertex;
import dev.kiln.wire.control.VertexLog;
import dev.kiln.wire.control.VertexStatus;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that is set by hand, and news of a build at its time. */
final class Timeline implements InstantSource {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private Instant now = START;

  @Override
  public Instant instant() {
    return now;
  }

  /** Sets the clock to milliseconds after the start. */
  Timeline at(long millis) {
    now = START.plusMillis(millis);
    return this;
  }

  static Timestamp time(long millis) {
    Instant at = START.plusMillis(millis);
    return Timestamp.newBuilder().setSeconds(at.getEpochSecond()).setNanos(at.getNano()).build();
  }

  static StatusResponse waiting(String name) {
    return vertex(Vertex.newBuilder().setDigest(name).setName(name));
  }

  static StatusResponse started(String name, long from) {
    return vertex(Vertex.newBuilder().setDigest(name).setName(name).setStarted(time(from)));
  }

  static StatusResponse done(String name, long from, long to) {
    return failed(name, from, to, "");
  }

  static StatusResponse failed(String name, long from, long to, String error) {
    return vertex(ended(name, from, to).setError(error));
  }

  static StatusResponse cached(String name, long at) {
    return vertex(ended(name, at, at).setCached(true));
  }

  static StatusResponse member(String name, String group, boolean weak, long from, long to) {
    return vertex(
        ended(name, from, to)
            .setProgressGroup(
                ProgressGroup.newBuilder().setId(group).setName(group).setWeak(weak)));
  }

  private static Vertex.Builder ended(String name, long from, long to) {
    return Vertex.newBuilder()
        .setDigest(name)
        .setName(name)
        .setStarted(time(from))
        .setCompleted(time(to));
  }

  private static StatusResponse vertex(Vertex.Builder vertex) {
    return StatusResponse.newBuilder().addVertexes(vertex).build();
  }

  static StatusResponse part(
      String vertex, String id, long current, long total, long from, long to) {
    VertexStatus.Builder status =
        VertexStatus.newBuilder()
            .setVertex(vertex)
            .setID(id)
            .setCurrent(current)
            .setTotal(total)
            .setStarted(time(from))
            .setTimestamp(time(Math.abs(to)));
    if (to >= 0) {
      status.setCompleted(time(to));
    }
    return StatusResponse.newBuilder().addStatuses(status).build();
  }

  static StatusResponse log(String vertex, long at, String text) {
    return StatusResponse.newBuilder()
        .addLogs(
            VertexLog.newBuilder()
                .setVertex(vertex)
                .setTimestamp(time(at))
                .setMsg(ByteString.copyFromUtf8(text)))
        .build();
  }
}
