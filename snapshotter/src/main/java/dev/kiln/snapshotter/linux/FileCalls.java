package dev.kiln.snapshotter.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Calls on open files: copying of content inside the kernel, owner and times. Thread-safe. */
public final class FileCalls {
  private static final CFunction COPY_FILE_RANGE = CFunction.givingLong("copy_file_range", 6);
  private static final CFunction FCHOWN = CFunction.givingInt("fchown", 3);
  private static final CFunction FUTIMENS = CFunction.givingInt("futimens", 2);
  private static final CFunction FLISTXATTR = CFunction.givingLong("flistxattr", 3);
  private static final CFunction LSEEK = CFunction.givingLong("lseek", 3);
  private static final int SEEK_SET = 0;
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;
  private static final int ENXIO = 6;
  private static final int BUFFER_BYTES = 256 * 1024;

  private FileCalls() {}

  /**
   * Copies all content of a regular file into an empty one, within the kernel where it can (which
   * shares the blocks on file systems that know how), and keeps holes.
   *
   * @param status of the source
   */
  public static void copyContent(Fd from, Fd to, FileStatus status) throws LinuxException {
    long size = status.size();
    if (size == 0) {
      return;
    }
    if (status.blocks() * 512 >= size) {
      copyRange(from, to, size);
      return;
    }
    for (long at = seek(from, 0, SEEK_DATA); at >= 0; at = seek(from, at, SEEK_DATA)) {
      long end = seek(from, at, SEEK_HOLE);
      seek(from, at, SEEK_SET);
      seek(to, at, SEEK_SET);
      copyRange(from, to, end - at);
      at = end;
    }
    to.truncate(size);
  }

  /** The new position, or -1 when there is no more data. */
  private static long seek(Fd file, long offset, int whence) throws LinuxException {
    long at = Libc.attempt((a, s) -> LSEEK.call(s, file.number(), offset, whence));
    if (at < 0 && at != -ENXIO) {
      throw new LinuxException((int) -at, "lseek", file.procPath());
    }
    return at < 0 ? -1 : at;
  }

  private static void copyRange(Fd from, Fd to, long length) throws LinuxException {
    long left = length;
    while (left > 0) {
      long want = left;
      long n =
          Libc.attempt(
              (a, s) -> COPY_FILE_RANGE.call(s, from.number(), 0, to.number(), 0, want, 0));
      if (n == 0) {
        return;
      }
      if (n < 0) {
        if (!tryByHand((int) -n)) {
          throw new LinuxException((int) -n, "copy_file_range", from.procPath());
        }
        copyByHand(from, to, left);
        return;
      }
      left -= n;
    }
  }

  /** Whether the kernel only says that it cannot copy between these two files itself. */
  private static boolean tryByHand(int errno) {
    return switch (errno) {
      case Errno.EXDEV, Errno.ENOSYS, Errno.EPERM, Errno.EIO, Errno.EINVAL, Errno.EOPNOTSUPP ->
          true;
      default -> false;
    };
  }

  private static void copyByHand(Fd from, Fd to, long length) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(BUFFER_BYTES);
      long left = length;
      while (left > 0) {
        int n = from.read(buffer, (int) Math.min(left, BUFFER_BYTES));
        if (n == 0) {
          return;
        }
        to.write(buffer, n);
        left -= n;
      }
    }
  }

  /** fchown(2). It may clear set-id bits: set those afterwards. */
  public static void setOwner(Fd file, int uid, int gid) throws LinuxException {
    Libc.call("fchown", file.toString(), (a, s) -> FCHOWN.call(s, file.number(), uid, gid));
  }

  /** Sets access and modification time to the same moment. */
  public static void setBothTimes(Fd file, long seconds, int nanos) throws LinuxException {
    Libc.call(
        "futimens",
        file.toString(),
        (a, s) -> {
          MemorySegment times = a.allocate(32, 8);
          for (long at = 0; at < 32; at += 16) {
            times.set(ValueLayout.JAVA_LONG, at, seconds);
            times.set(ValueLayout.JAVA_LONG, at + 8, nanos);
          }
          return FUTIMENS.call(s, file.number(), times.address());
        });
  }

  /** Whether the file has any extended attribute. */
  public static boolean hasXattrs(Fd file) throws LinuxException {
    long n = Libc.attempt((a, s) -> FLISTXATTR.call(s, file.number(), 0, 0));
    if (n < 0 && n != -Errno.EOPNOTSUPP) {
      throw new LinuxException((int) -n, "flistxattr", file.toString());
    }
    return n > 0;
  }
}
