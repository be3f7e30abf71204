package dev.kiln.daemon.source;

import dev.kiln.solver.VertexProgress;
import java.time.Instant;

/** Shows a transfer from a client as a status of its vertex. Safe for use by many threads. */
final class TransferStatus {
  private static final long INTERVAL_NANOS = 100_000_000;

  private final VertexProgress progress;
  private final String id;
  private final Instant started = Instant.now();
  private long shownAt;
  private long bytes;
  private boolean ended;

  TransferStatus(VertexProgress progress, String name) {
    this.progress = progress;
    this.id = "transferring " + name + ":";
    progress.status(id, "transferring", 0, 0, started, null);
  }

  synchronized void transferred(long total, boolean last) {
    bytes = total;
    long now = System.nanoTime();
    if (!last && !ended && now - shownAt >= INTERVAL_NANOS) {
      shownAt = now;
      progress.status(id, "transferring", total, 0, started, null);
    }
  }

  synchronized void end() {
    if (!ended) {
      ended = true;
      progress.status(id, "transferring", bytes, 0, started, Instant.now());
    }
  }
}
