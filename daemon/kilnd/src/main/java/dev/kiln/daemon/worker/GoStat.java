package dev.kiln.daemon.worker;

import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.wire.fsutil.Stat;
import dev.kiln.wire.transfer.GoMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files as stat messages with Go's mode bits (session.md, section 5.1). */
final class GoStat {
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

  /** Readers of a tree are told of sockets, which senders of files pass off as regular files. */
  private static int mode(int mode) {
    int socket = (mode & FileStatus.TYPE_MASK) == FileStatus.SOCKET ? GoMode.SOCKET : 0;
    return GoMode.ofLinux(mode) | socket;
  }
}
