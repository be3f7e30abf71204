package dev.kiln.snapshotter.linux;

import static dev.kiln.snapshotter.linux.Libc.AT_FDCWD;
import static dev.kiln.snapshotter.linux.Libc.AT_SYMLINK_NOFOLLOW;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Calls that make, change and remove names and inodes. None follows a link in the last component
 * except {@link #setPermissions}. Thread-safe.
 */
public final class NodeCalls {
  private static final CFunction MKDIR = CFunction.givingInt("mkdir", 2);
  private static final CFunction MKNOD = CFunction.givingInt("mknod", 3);
  private static final CFunction SYMLINK = CFunction.givingInt("symlink", 2);
  private static final CFunction LINK = CFunction.givingInt("link", 2);
  private static final CFunction READLINK = CFunction.givingLong("readlink", 3);
  private static final CFunction UNLINK = CFunction.givingInt("unlink", 1);
  private static final CFunction RMDIR = CFunction.givingInt("rmdir", 1);
  private static final CFunction RENAME = CFunction.givingInt("rename", 2);
  private static final CFunction LCHOWN = CFunction.givingInt("lchown", 3);
  private static final CFunction CHMOD = CFunction.givingInt("chmod", 2);
  private static final CFunction UTIMENSAT = CFunction.givingInt("utimensat", 4);
  private static final int LINK_BYTES = 4097;
  private static final long UTIME_OMIT = 0x3FFFFFFEL;

  private NodeCalls() {}

  /** mkdir(2); the umask applies, so set the mode afterwards where it matters. */
  public static void makeDirectory(String path, int permissions) throws LinuxException {
    Libc.call("mkdir", path, (a, s) -> MKDIR.call(s, Libc.path(a, path), permissions));
  }

  /**
   * mknod(2).
   *
   * @param mode type (a constant of {@link FileStatus}) and permissions
   */
  public static void makeNode(String path, int mode, int major, int minor) throws LinuxException {
    long device = device(major, minor);
    Libc.call("mknod", path, (a, s) -> MKNOD.call(s, Libc.path(a, path), mode, device));
  }

  /** makedev(3) of glibc. */
  static long device(long major, long minor) {
    return (minor & 0xFF)
        | ((major & 0xFFF) << 8)
        | ((minor & ~0xFFL) << 12)
        | ((major & ~0xFFFL) << 32);
  }

  public static void makeSymlink(String target, String path) throws LinuxException {
    Libc.call("symlink", path, (a, s) -> SYMLINK.call(s, Libc.path(a, target), Libc.path(a, path)));
  }

  /** link(2): a second name for the inode at {@code existing}, which may be a symlink. */
  public static void makeLink(String existing, String path) throws LinuxException {
    Libc.call("link", path, (a, s) -> LINK.call(s, Libc.path(a, existing), Libc.path(a, path)));
  }

  /** The target of a symlink. */
  public static String readLink(String path) throws LinuxException {
    byte[][] target = new byte[1][];
    Libc.call(
        "readlink",
        path,
        (a, s) -> {
          MemorySegment buffer = a.allocate(LINK_BYTES);
          long n = READLINK.call(s, Libc.path(a, path), buffer.address(), LINK_BYTES);
          if (n >= 0) {
            target[0] = buffer.asSlice(0, n).toArray(ValueLayout.JAVA_BYTE);
          }
          return n;
        });
    return ByteNames.decode(target[0]);
  }

  public static void unlink(String path) throws LinuxException {
    Libc.call("unlink", path, (a, s) -> UNLINK.call(s, Libc.path(a, path)));
  }

  public static void removeDirectory(String path) throws LinuxException {
    Libc.call("rmdir", path, (a, s) -> RMDIR.call(s, Libc.path(a, path)));
  }

  public static void rename(String from, String to) throws LinuxException {
    Libc.call(
        "rename",
        from + " to " + to,
        (a, s) -> RENAME.call(s, Libc.path(a, from), Libc.path(a, to)));
  }

  /** lchown(2). It may clear set-id bits and capabilities: set those afterwards. */
  public static void setOwner(String path, int uid, int gid) throws LinuxException {
    Libc.call("lchown", path, (a, s) -> LCHOWN.call(s, Libc.path(a, path), uid, gid));
  }

  /** chmod(2), follows links: not for symlinks. */
  public static void setPermissions(String path, int permissions) throws LinuxException {
    Libc.call("chmod", path, (a, s) -> CHMOD.call(s, Libc.path(a, path), permissions));
  }

  /** Sets the modification time and leaves the access time; works on symlinks themselves. */
  public static void setModified(String path, long seconds, int nanos) throws LinuxException {
    setTimes(path, 0, UTIME_OMIT, seconds, nanos);
  }

  /** Sets access and modification time to the same moment; works on symlinks themselves. */
  public static void setBothTimes(String path, long seconds, int nanos) throws LinuxException {
    setTimes(path, seconds, nanos, seconds, nanos);
  }

  private static void setTimes(String path, long aSeconds, long aNanos, long mSeconds, long mNanos)
      throws LinuxException {
    Libc.call(
        "utimensat",
        path,
        (a, s) -> {
          MemorySegment times = a.allocate(32, 8);
          times.set(ValueLayout.JAVA_LONG, 0, aSeconds);
          times.set(ValueLayout.JAVA_LONG, 8, aNanos);
          times.set(ValueLayout.JAVA_LONG, 16, mSeconds);
          times.set(ValueLayout.JAVA_LONG, 24, mNanos);
          return UTIMENSAT.call(
              s, AT_FDCWD, Libc.path(a, path), times.address(), AT_SYMLINK_NOFOLLOW);
        });
  }
}
