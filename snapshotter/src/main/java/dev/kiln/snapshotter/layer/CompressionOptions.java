package dev.kiln.snapshotter.layer;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How layers are wanted for an export.
 *
 * @param level a level of the kind's library (gzip 0 to 9, zstd 0 to 22), or -1 for its default
 * @param force convert layers that exist in another compression too
 * @param rewriteTimestampsTo files of new layers get at most this modification time, or null
 * @param portable new blobs must be the same on every machine, as a reproducible build wants them;
 *     otherwise the fastest engine of this one may be used
 */
public record CompressionOptions(
    Compression kind,
    int level,
    boolean force,
    @Nullable Instant rewriteTimestampsTo,
    boolean portable) {
  public static final int DEFAULT_LEVEL = -1;

  /** Portable exactly when timestamps are rewritten. */
  public CompressionOptions(
      Compression kind, int level, boolean force, @Nullable Instant rewriteTimestampsTo) {
    this(kind, level, force, rewriteTimestampsTo, rewriteTimestampsTo != null);
  }

  /** The same, with blobs that are the same on every machine. */
  public CompressionOptions reproducible() {
    return new CompressionOptions(kind, level, force, rewriteTimestampsTo, true);
  }

  public static CompressionOptions of(Compression kind) {
    return new CompressionOptions(kind, DEFAULT_LEVEL, false, null);
  }
}
