package dev.kiln.snapshotter.fileop;

import dev.kiln.snapshotter.linux.Fd;
import dev.kiln.snapshotter.linux.FileCalls;
import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.snapshotter.linux.LinuxException;
import dev.kiln.snapshotter.linux.NodeCalls;

/** Copies single entries that are not directories to places where nothing is. Thread-safe. */
final class FileCopy {
  private final EntryAttributes attributes;

  FileCopy(EntryAttributes attributes) {
    this.attributes = attributes;
  }

  /**
   * Copies a regular file, unless it has several names and the caller wants to know of that.
   *
   * @param evenLinked whether a file with several names is copied too
   * @return the source's status
   */
  FileStatus regular(String source, String target, boolean evenLinked) throws LinuxException {
    try (Fd from = Fd.open(source, Fd.O_RDONLY | Fd.O_NOFOLLOW, 0)) {
      FileStatus status = FileStatus.of(from);
      if (status.links() > 1 && !evenLinked) {
        return status;
      }
      int flags = Fd.O_WRONLY | Fd.O_CREAT | Fd.O_EXCL | Fd.O_NOFOLLOW;
      try (Fd to = Fd.open(target, flags, 0600)) {
        FileCalls.copyContent(from, to, status);
        attributes.apply(from, to, status);
      }
      return status;
    }
  }

  /** Makes a symlink, device, FIFO, or for a socket an empty file. */
  void special(String source, String target, FileStatus status) throws LinuxException {
    switch (status.type()) {
      case FileStatus.SYMLINK -> NodeCalls.makeSymlink(NodeCalls.readLink(source), target);
      case FileStatus.SOCKET -> NodeCalls.makeNode(target, FileStatus.REGULAR | 0600, 0, 0);
      default ->
          NodeCalls.makeNode(target, status.type() | 0600, status.rdevMajor(), status.rdevMinor());
    }
    attributes.apply(source, target, status);
  }
}
