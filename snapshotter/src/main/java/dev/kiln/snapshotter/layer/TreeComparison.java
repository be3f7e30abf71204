package dev.kiln.snapshotter.layer;

import dev.kiln.snapshotter.linux.ByteNames;
import dev.kiln.snapshotter.linux.DirectoryEntries;
import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.snapshotter.linux.XattrCalls;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the changes between two trees, either by walking both, or by walking only the upper folder
 * of an overlay mount with an eye on the tree below it. Links are never followed: what lies below a
 * link in one tree has no counterpart in the other.
 */
final class TreeComparison {
  static final String OPAQUE = "trusted.overlay.opaque";
  private static final String REDIRECT = "trusted.overlay.redirect";

  private final ChangeSink sink;

  TreeComparison(ChangeSink sink) {
    this.sink = sink;
  }

  /** Compares two mounted trees; {@code lower} null is an empty one. */
  void trees(@Nullable String lower, String upper) throws IOException {
    walkBoth(lower, upper, "", false);
  }

  /** Compares an overlay upper folder with the mounted tree below it. */
  void upperFolder(@Nullable String lower, String upper) throws IOException {
    walkUpper(lower, upper, "");
  }

  private static String join(String folder, String name) {
    return folder.isEmpty() ? name : folder + "/" + name;
  }

  private void walkUpper(@Nullable String lower, String upper, String folder) throws IOException {
    for (String name : DirectoryEntries.sorted(upper)) {
      String path = join(folder, name);
      String source = upper + "/" + name;
      String base = lower == null ? null : lower + "/" + name;
      FileStatus status = FileStatus.of(source);
      FileStatus below = base == null ? null : FileStatus.find(base);
      if (status.isWhiteout()) {
        if (below != null) {
          sink.deleted(path);
        }
        continue;
      }
      report(path, source, status, base, below);
      if (status.isDirectory()) {
        refuseRedirect(source);
        String next = below != null && below.isDirectory() ? base : null;
        if (next != null && isOpaque(source)) {
          walkBoth(next, source, path, true);
        } else {
          walkUpper(next, source, path);
        }
      }
    }
  }

  private static boolean isOpaque(String folder) throws IOException {
    byte[] value = XattrCalls.get(folder, OPAQUE);
    return value != null && value.length == 1 && value[0] == 'y';
  }

  private static void refuseRedirect(String folder) throws IOException {
    if (XattrCalls.get(folder, REDIRECT) != null) {
      throw new IOException(
          "could not compare "
              + folder
              + ": it was renamed with overlayfs' redirect_dir on; mount with redirect_dir=off");
    }
  }

  /** {@code raw} means that upper is an overlay folder, whose whiteouts count as not there. */
  private void walkBoth(@Nullable String lower, String upper, String folder, boolean raw)
      throws IOException {
    List<String> below = lower == null ? List.of() : DirectoryEntries.sorted(lower);
    List<String> above = DirectoryEntries.sorted(upper);
    int i = 0;
    int k = 0;
    while (i < below.size() || k < above.size()) {
      int order =
          i == below.size()
              ? 1
              : k == above.size() ? -1 : ByteNames.compare(below.get(i), above.get(k));
      String name = order < 0 ? below.get(i) : above.get(k);
      String path = join(folder, name);
      String base = order <= 0 ? lower + "/" + name : null;
      FileStatus status = order < 0 ? null : FileStatus.of(upper + "/" + name);
      if (status == null || (raw && status.isWhiteout())) {
        if (base != null) {
          sink.deleted(path);
        }
      } else {
        walkOne(base, upper + "/" + name, status, path, raw);
      }
      i += order <= 0 ? 1 : 0;
      k += order >= 0 ? 1 : 0;
    }
  }

  private void walkOne(
      @Nullable String base, String source, FileStatus status, String path, boolean raw)
      throws IOException {
    FileStatus below = base == null ? null : FileStatus.of(base);
    report(path, source, status, base, below);
    if (status.isDirectory()) {
      walkBoth(below != null && below.isDirectory() ? base : null, source, path, raw);
    }
  }

  private void report(
      String path,
      String source,
      FileStatus status,
      @Nullable String base,
      @Nullable FileStatus below)
      throws IOException {
    if (base == null || below == null || !Sameness.same(base, below, source, status)) {
      sink.changed(path, source, status);
    } else if (!status.isDirectory() && status.links() > 1) {
      sink.unchangedLink(path, source, status);
    }
  }
}
