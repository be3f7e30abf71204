package dev.kiln.daemon.export.files;

import dev.kiln.solver.VertexProgress;
import java.time.Instant;

/** Shows files on their way to the client as a status. Safe for use by many threads. */
final class CopyStatus {
  private static final String ID = "copying files";
  private static final String NAME = "transferring";
  private static final long INTERVAL_NANOS = 100_000_000;

  private final VertexProgress progress;
  private final Instant started = Instant.now();
  private long shownAt;
  private long bytes;

  CopyStatus(VertexProgress progress) {
    this.progress = progress;
    progress.status(ID, NAME, 0, 0, started, null);
  }

  synchronized void transferred(long total, boolean last) {
    bytes = total;
    long now = System.nanoTime();
    if (!last && now - shownAt >= INTERVAL_NANOS) {
      shownAt = now;
      progress.status(ID, NAME, total, 0, started, null);
    }
  }

  synchronized void end() {
    progress.status(ID, NAME, bytes, 0, started, Instant.now());
  }
}
