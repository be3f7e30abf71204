package dev.kiln.snapshotter.linux;

import java.util.Map;

/** Error numbers of Linux that callers tell apart (the same on x86-64 and arm64). */
public final class Errno {
  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int EINTR = 4;
  public static final int EIO = 5;
  public static final int EAGAIN = 11;
  public static final int EACCES = 13;
  public static final int EBUSY = 16;
  public static final int EEXIST = 17;
  public static final int EXDEV = 18;
  public static final int ENODEV = 19;
  public static final int ENOTDIR = 20;
  public static final int EISDIR = 21;
  public static final int EINVAL = 22;
  public static final int ENOSPC = 28;
  public static final int EROFS = 30;
  public static final int EMLINK = 31;
  public static final int ERANGE = 34;
  public static final int ENAMETOOLONG = 36;
  public static final int ENOSYS = 38;
  public static final int ENOTEMPTY = 39;
  public static final int ELOOP = 40;
  public static final int ENODATA = 61;
  public static final int EOPNOTSUPP = 95;
  public static final int ESTALE = 116;

  private static final Map<Integer, String> TEXTS =
      Map.ofEntries(
          Map.entry(EPERM, "operation not permitted"),
          Map.entry(ENOENT, "no such file or directory"),
          Map.entry(EINTR, "interrupted system call"),
          Map.entry(EIO, "input/output error"),
          Map.entry(EAGAIN, "resource temporarily unavailable"),
          Map.entry(EACCES, "permission denied"),
          Map.entry(EBUSY, "device or resource busy"),
          Map.entry(EEXIST, "file exists"),
          Map.entry(EXDEV, "invalid cross-device link"),
          Map.entry(ENODEV, "no such device"),
          Map.entry(ENOTDIR, "not a directory"),
          Map.entry(EISDIR, "is a directory"),
          Map.entry(EINVAL, "invalid argument"),
          Map.entry(ENOSPC, "no space left on device"),
          Map.entry(EROFS, "read-only file system"),
          Map.entry(EMLINK, "too many links"),
          Map.entry(ERANGE, "numerical result out of range"),
          Map.entry(ENAMETOOLONG, "file name too long"),
          Map.entry(ENOSYS, "function not implemented"),
          Map.entry(ENOTEMPTY, "directory not empty"),
          Map.entry(ELOOP, "too many levels of symbolic links"),
          Map.entry(ENODATA, "no data available"),
          Map.entry(EOPNOTSUPP, "operation not supported"),
          Map.entry(ESTALE, "stale file handle"));

  private Errno() {}

  /** The text of an error number as strerror(3) words it, or {@code errno N}. */
  public static String text(int errno) {
    return TEXTS.getOrDefault(errno, "errno " + errno);
  }
}
