package dev.kiln.wire.transfer;

import dev.kiln.snapshotter.checksum.EntryHeader;
import dev.kiln.snapshotter.linux.Fd;
import dev.kiln.snapshotter.linux.FileCalls;
import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.snapshotter.linux.LinuxException;
import dev.kiln.snapshotter.linux.NodeCalls;
import dev.kiln.snapshotter.linux.XattrCalls;
import dev.kiln.wire.fsutil.Stat;
import java.util.HashMap;
import java.util.Map;

/** Gives received files the attributes that were sent. */
final class ReceivedAttributes {
  private static final long SECOND_NANOS = 1_000_000_000L;

  private ReceivedAttributes() {}

  /** For entries of all kinds but open files; times are set too. */
  static void apply(String path, Stat stat) throws LinuxException {
    NodeCalls.setOwner(path, stat.getUid(), stat.getGid());
    if (!GoMode.isSymlink(stat.getMode())) {
      NodeCalls.setPermissions(path, GoMode.permissions(stat.getMode()));
    }
    setXattrs(path, stat);
    setTime(path, stat);
  }

  static void apply(Fd file, Stat stat) throws LinuxException {
    FileCalls.setOwner(file, stat.getUid(), stat.getGid());
    file.setPermissions(GoMode.permissions(stat.getMode()));
    setXattrs(file.toString(), stat);
    long time = stat.getModTime();
    FileCalls.setBothTimes(
        file, Math.floorDiv(time, SECOND_NANOS), (int) Math.floorMod(time, SECOND_NANOS));
  }

  static void setTime(String path, Stat stat) throws LinuxException {
    long time = stat.getModTime();
    NodeCalls.setBothTimes(
        path, Math.floorDiv(time, SECOND_NANOS), (int) Math.floorMod(time, SECOND_NANOS));
  }

  private static void setXattrs(String path, Stat stat) {
    stat.getXattrsMap()
        .forEach(
            (name, value) -> {
              try {
                XattrCalls.set(path, name, value.toByteArray());
              } catch (LinuxException e) {
                // Not every file system or user can have each kind; the files matter more.
                return;
              }
            });
  }

  /** Whether a file on disk is what the sender tells of, content left aside. */
  static boolean same(Stat stat, FileStatus there, String thereLink) {
    int mode = GoMode.ofLinux(there.mode());
    boolean alike =
        mode == stat.getMode()
            && there.uid() == stat.getUid()
            && there.gid() == stat.getGid()
            && thereLink.equals(stat.getLinkname());
    if (!alike || GoMode.isDirectory(mode)) {
      return alike;
    }
    long time = there.mtimeSeconds() * SECOND_NANOS + there.mtimeNanos();
    return time == stat.getModTime()
        && there.size() == stat.getSize()
        && there.rdevMajor() == stat.getDevmajor()
        && there.rdevMinor() == stat.getDevminor();
  }

  /** What content digests say of the entry. */
  static EntryHeader header(Stat stat) {
    Map<String, byte[]> xattrs = new HashMap<>();
    stat.getXattrsMap().forEach((name, value) -> xattrs.put(name, value.toByteArray()));
    return new EntryHeader(
        GoMode.toLinux(stat.getMode()),
        stat.getUid(),
        stat.getGid(),
        stat.getSize(),
        GoMode.isSymlink(stat.getMode()) ? stat.getLinkname() : "",
        stat.getDevmajor(),
        stat.getDevminor(),
        xattrs);
  }
}
