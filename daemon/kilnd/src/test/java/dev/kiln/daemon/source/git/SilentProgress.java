package dev.kiln.daemon.source.git;

import dev.kiln.solver.ProgressEvent;
import dev.kiln.solver.VertexProgress;
import java.time.Instant;

/** Shows nothing. */
final class SilentProgress implements VertexProgress {
  @Override
  public String vertex() {
    return "";
  }

  @Override
  public void status(
      String id, String name, long current, long total, Instant started, Instant completed) {}

  @Override
  public void log(int stream, byte[] bytes) {}

  @Override
  public void warning(ProgressEvent.Warning warning) {}
}
