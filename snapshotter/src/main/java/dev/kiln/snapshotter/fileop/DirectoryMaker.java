package dev.kiln.snapshotter.fileop;

import dev.kiln.snapshotter.linux.Errno;
import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.snapshotter.linux.LinuxException;
import dev.kiln.snapshotter.linux.NodeCalls;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes directories with their missing parents, and can set their times once they are filled. */
final class DirectoryMaker {
  private final int mode;
  private final @Nullable Owner owner;
  private final @Nullable Instant timestamp;
  private final List<String> made = new ArrayList<>();

  /**
   * Says how directories are to be.
   *
   * @param mode permission bits with set-id and sticky
   */
  DirectoryMaker(int mode, @Nullable Owner owner, @Nullable Instant timestamp) {
    this.mode = mode;
    this.owner = owner;
    this.timestamp = timestamp;
  }

  /**
   * Makes a directory unless it is there.
   *
   * @param path on disk, resolved
   * @throws LinuxException when something else is in the way
   */
  void makeAll(String path) throws IOException {
    FileStatus there = FileStatus.find(path);
    if (there != null) {
      if (!there.isDirectory()) {
        throw new LinuxException(Errno.ENOTDIR, "mkdir", path);
      }
      return;
    }
    int slash = path.lastIndexOf('/');
    if (slash > 0) {
      makeAll(path.substring(0, slash));
    }
    NodeCalls.makeDirectory(path, mode);
    NodeCalls.setPermissions(path, mode);
    if (owner != null) {
      NodeCalls.setOwner(path, owner.uid(), owner.gid());
    }
    made.add(path);
    setTime(path);
  }

  /** Sets the time of all made directories again, after files were put into them. */
  void setTimes() throws LinuxException {
    for (String path : made.reversed()) {
      setTime(path);
    }
  }

  private void setTime(String path) throws LinuxException {
    if (timestamp != null) {
      NodeCalls.setBothTimes(path, timestamp.getEpochSecond(), timestamp.getNano());
    }
  }
}
