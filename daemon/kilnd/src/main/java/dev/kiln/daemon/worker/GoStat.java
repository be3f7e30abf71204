package dev.kiln.daemon.worker;

import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.wire.fsutil.Stat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files as stat messages with Go's mode bits (session.md, section 5.1). */
final class GoStat {
  private static final int DIRECTORY = 1 << 31;
  private static final int SYMLINK = 1 << 27;
  private static final int DEVICE = 1 << 26;
  private static final int PIPE = 1 << 25;
  private static final int SOCKET = 1 << 24;
  private static final int SETUID = 1 << 23;
  private static final int SETGID = 1 << 22;
  private static final int CHARACTER = 1 << 21;
  private static final int STICKY = 1 << 20;
  private static final long NANOS = 1_000_000_000L;

  private GoStat() {}

  /** The message of a file, links not followed. */
  static Stat of(String file, String name) throws IOException {
    FileStatus status = FileStatus.of(file);
    int type = status.mode() & FileStatus.TYPE_MASK;
    Stat.Builder out =
        Stat.newBuilder()
            .setPath(name)
            .setMode(mode(status.mode()))
            .setUid(status.uid())
            .setGid(status.gid())
            .setModTime(status.mtimeSeconds() * NANOS + status.mtimeNanos())
            .setDevmajor(status.rdevMajor())
            .setDevminor(status.rdevMinor());
    if (type == FileStatus.SYMLINK) {
      out.setLinkname(Files.readSymbolicLink(Path.of(file)).toString());
    }
    if (type != FileStatus.DIRECTORY) {
      out.setSize(status.size());
    }
    return out.build();
  }

  private static int mode(int mode) {
    int out = mode & 0777;
    out |= (mode & 04000) != 0 ? SETUID : 0;
    out |= (mode & 02000) != 0 ? SETGID : 0;
    out |= (mode & 01000) != 0 ? STICKY : 0;
    return switch (mode & FileStatus.TYPE_MASK) {
      case FileStatus.DIRECTORY -> out | DIRECTORY;
      case FileStatus.SYMLINK -> out | SYMLINK;
      case FileStatus.BLOCK_DEVICE -> out | DEVICE;
      case FileStatus.CHARACTER_DEVICE -> out | DEVICE | CHARACTER;
      case FileStatus.FIFO -> out | PIPE;
      case FileStatus.SOCKET -> out | SOCKET;
      default -> out;
    };
  }
}
