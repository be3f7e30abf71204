package dev.kiln.snapshotter.layer;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Writes what changed between two trees as an uncompressed layer. The same trees give the same
 * bytes. The output is not closed.
 */
public final class LayerDiff {
  private LayerDiff() {}

  /**
   * From an overlay upper folder: reads only what the folder holds and its counterparts below.
   *
   * @param lower the mounted tree under the folder, or null for none
   * @param latest files get at most this modification time, or null
   */
  public static void ofUpperFolder(
      OutputStream out, @Nullable Path lower, Path upper, @Nullable Instant latest)
      throws IOException {
    LayerTar tar = new LayerTar(out, upper.toString(), latest);
    new TreeComparison(tar).upperFolder(lower == null ? null : lower.toString(), upper.toString());
    tar.finish();
  }

  /** From any two mounted trees, by walking both. */
  public static void ofTrees(
      OutputStream out, @Nullable Path lower, Path upper, @Nullable Instant latest)
      throws IOException {
    LayerTar tar = new LayerTar(out, upper.toString(), latest);
    new TreeComparison(tar).trees(lower == null ? null : lower.toString(), upper.toString());
    tar.finish();
  }
}
