package dev.kiln.snapshotter.linux;

import static dev.kiln.snapshotter.linux.Libc.AT_FDCWD;
import static dev.kiln.snapshotter.linux.Libc.AT_SYMLINK_NOFOLLOW;
import static dev.kiln.snapshotter.linux.Libc.INT;
import static dev.kiln.snapshotter.linux.Libc.LONG;
import static dev.kiln.snapshotter.linux.Libc.PTR;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Calls that make, change and remove names and inodes. None follows a link in the last component
 * except {@link #setPermissions}. Thread-safe.
 */
public final class NodeCalls {
  private static final MethodHandle MKDIR = Libc.bind("mkdir", INT, PTR, INT);
  private static final MethodHandle MKNOD = Libc.bind("mknod", INT, PTR, INT, LONG);
  private static final MethodHandle SYMLINK = Libc.bind("symlink", INT, PTR, PTR);
  private static final MethodHandle LINK = Libc.bind("link", INT, PTR, PTR);
  private static final MethodHandle READLINK = Libc.bind("readlink", LONG, PTR, PTR, LONG);
  private static final MethodHandle UNLINK = Libc.bind("unlink", INT, PTR);
  private static final MethodHandle RMDIR = Libc.bind("rmdir", INT, PTR);
  private static final MethodHandle RENAME = Libc.bind("rename", INT, PTR, PTR);
  private static final MethodHandle LCHOWN = Libc.bind("lchown", INT, PTR, INT, INT);
  private static final MethodHandle CHMOD = Libc.bind("chmod", INT, PTR, INT);
  private static final MethodHandle UTIMENSAT = Libc.bind("utimensat", INT, INT, PTR, PTR, INT);
  private static final int LINK_BYTES = 4097;
  private static final long UTIME_OMIT = 0x3FFFFFFEL;

  private NodeCalls() {}

  /** mkdir(2); the umask applies, so set the mode afterwards where it matters. */
  public static void makeDirectory(String path, int permissions) throws LinuxException {
    Libc.call("mkdir", path, (a, s) -> (int) MKDIR.invokeExact(s, Libc.path(a, path), permissions));
  }

  /**
   * mknod(2).
   *
   * @param mode type (a constant of {@link FileStatus}) and permissions
   */
  public static void makeNode(String path, int mode, int major, int minor) throws LinuxException {
    long device = device(major, minor);
    Libc.call(
        "mknod", path, (a, s) -> (int) MKNOD.invokeExact(s, Libc.path(a, path), mode, device));
  }

  /** makedev(3) of glibc. */
  static long device(long major, long minor) {
    return (minor & 0xFF)
        | ((major & 0xFFF) << 8)
        | ((minor & ~0xFFL) << 12)
        | ((major & ~0xFFFL) << 32);
  }

  public static void makeSymlink(String target, String path) throws LinuxException {
    Libc.call(
        "symlink",
        path,
        (a, s) -> (int) SYMLINK.invokeExact(s, Libc.path(a, target), Libc.path(a, path)));
  }

  /** link(2): a second name for the inode at {@code existing}, which may be a symlink. */
  public static void makeLink(String existing, String path) throws LinuxException {
    Libc.call(
        "link",
        path,
        (a, s) -> (int) LINK.invokeExact(s, Libc.path(a, existing), Libc.path(a, path)));
  }

  /** The target of a symlink. */
  public static String readLink(String path) throws LinuxException {
    byte[][] target = new byte[1][];
    Libc.call(
        "readlink",
        path,
        (a, s) -> {
          MemorySegment buffer = a.allocate(LINK_BYTES);
          long n = (long) READLINK.invokeExact(s, Libc.path(a, path), buffer, (long) LINK_BYTES);
          if (n >= 0) {
            target[0] = buffer.asSlice(0, n).toArray(ValueLayout.JAVA_BYTE);
          }
          return n;
        });
    return ByteNames.decode(target[0]);
  }

  public static void unlink(String path) throws LinuxException {
    Libc.call("unlink", path, (a, s) -> (int) UNLINK.invokeExact(s, Libc.path(a, path)));
  }

  public static void removeDirectory(String path) throws LinuxException {
    Libc.call("rmdir", path, (a, s) -> (int) RMDIR.invokeExact(s, Libc.path(a, path)));
  }

  public static void rename(String from, String to) throws LinuxException {
    Libc.call(
        "rename",
        from + " to " + to,
        (a, s) -> (int) RENAME.invokeExact(s, Libc.path(a, from), Libc.path(a, to)));
  }

  /** lchown(2). It may clear set-id bits and capabilities: set those afterwards. */
  public static void setOwner(String path, int uid, int gid) throws LinuxException {
    Libc.call("lchown", path, (a, s) -> (int) LCHOWN.invokeExact(s, Libc.path(a, path), uid, gid));
  }

  /** chmod(2), follows links: not for symlinks. */
  public static void setPermissions(String path, int permissions) throws LinuxException {
    Libc.call("chmod", path, (a, s) -> (int) CHMOD.invokeExact(s, Libc.path(a, path), permissions));
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
          return (int)
              UTIMENSAT.invokeExact(s, AT_FDCWD, Libc.path(a, path), times, AT_SYMLINK_NOFOLLOW);
        });
  }
}
