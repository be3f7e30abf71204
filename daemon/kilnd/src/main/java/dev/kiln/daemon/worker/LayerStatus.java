package dev.kiln.daemon.worker;

import dev.kiln.snapshotter.content.Digest;
import dev.kiln.snapshotter.ref.LayerProgress;
import dev.kiln.solver.VertexProgress;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Shows layers that come in as statuses of a vertex: bytes of each blob, then its unpacking
 * (control.md, "Common status IDs"). Safe for use by many threads.
 */
public final class LayerStatus implements LayerProgress {
  /** Updates of one blob are shown no more often than this. */
  private static final long INTERVAL_NANOS = 150_000_000;

  private final VertexProgress progress;
  private final Map<Digest, Instant> started = new ConcurrentHashMap<>();
  private final Map<Digest, Instant> extracting = new ConcurrentHashMap<>();
  private final Map<Digest, Long> shown = new ConcurrentHashMap<>();

  public LayerStatus(VertexProgress progress) {
    this.progress = progress;
  }

  @Override
  public void transferred(Digest blob, long current, long total) {
    Instant since = started.computeIfAbsent(blob, each -> Instant.now());
    boolean done = total > 0 && current >= total;
    long now = System.nanoTime();
    Long last = shown.get(blob);
    if (done || last == null || now - last >= INTERVAL_NANOS) {
      shown.put(blob, now);
      progress.status(blob.text(), "", current, total, since, done ? Instant.now() : null);
    }
  }

  @Override
  public void extractBegin(Digest blob) {
    Instant now = Instant.now();
    extracting.put(blob, now);
    progress.status("extracting " + blob.text(), "extracting", 0, 0, now, null);
  }

  @Override
  public void extractEnd(Digest blob) {
    Instant since = extracting.getOrDefault(blob, Instant.now());
    progress.status("extracting " + blob.text(), "extracting", 0, 0, since, Instant.now());
  }
}
