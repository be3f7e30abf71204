package dev.kiln.snapshotter.snapshot;

import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.snapshotter.linux.LinuxException;
import dev.kiln.snapshotter.linux.NodeCalls;
import dev.kiln.snapshotter.snapshot.SnapshotException.Reason;
import dev.kiln.snapshotter.snapshot.Snapshotter.Kind;
import org.jspecify.annotations.Nullable;

/** How a snapshot's root folder starts. */
final class Roots {
  private Roots() {}

  /** Makes a root folder like another one, or 0755 root:root. */
  static void make(String path, @Nullable String like) throws LinuxException {
    NodeCalls.makeDirectory(path, 0755);
    if (like == null) {
      NodeCalls.setPermissions(path, 0755);
      return;
    }
    FileStatus status = FileStatus.of(like);
    NodeCalls.setOwner(path, status.uid(), status.gid());
    NodeCalls.setPermissions(path, status.permissions());
    NodeCalls.setModified(path, status.mtimeSeconds(), status.mtimeNanos());
  }

  /** Gives a filled root folder the time of another one. */
  static void times(String path, String like) throws LinuxException {
    FileStatus status = FileStatus.of(like);
    NodeCalls.setModified(path, status.mtimeSeconds(), status.mtimeNanos());
  }

  /** Fails early, before folders are made; {@link SnapshotTable#add} checks again. */
  static void refuseTaken(SnapshotTable table, String key, @Nullable String parent)
      throws SnapshotException {
    if (table.find(key) != null) {
      throw new SnapshotException(Reason.EXISTS, "snapshot " + key + " already exists");
    }
    if (parent != null) {
      table.require(parent, Kind.COMMITTED, Kind.MERGED);
    }
  }
}
