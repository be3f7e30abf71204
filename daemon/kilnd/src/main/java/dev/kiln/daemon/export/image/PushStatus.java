package dev.kiln.daemon.export.image;

import dev.kiln.registry.client.PushOutcome;
import dev.kiln.registry.client.TransferProgress;
import dev.kiln.registry.transfer.PushListener;
import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.solver.VertexProgress;
import java.time.Instant;

/** Shows a push as one status of its vertex. Safe for use by many threads. */
final class PushStatus implements PushListener, AutoCloseable {
  private static final String ID = "pushing layers";

  private final VertexProgress progress;
  private final Instant started = Instant.now();
  private boolean done;

  PushStatus(VertexProgress progress) {
    this.progress = progress;
    progress.status(ID, "", 0, 0, started, null);
  }

  @Override
  public TransferProgress started(Descriptor blob) {
    return TransferProgress.NONE;
  }

  @Override
  public void done(Descriptor blob, PushOutcome outcome) {}

  @Override
  public void blobsDone() {
    close();
  }

  @Override
  public synchronized void close() {
    if (!done) {
      done = true;
      progress.status(ID, "", 0, 0, started, Instant.now());
    }
  }
}
