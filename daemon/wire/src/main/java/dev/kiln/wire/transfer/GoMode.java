package dev.kiln.wire.transfer;

import dev.kiln.snapshotter.linux.FileStatus;

/** File modes on the wire, which are those of Go's {@code os.FileMode}, and those of Linux. */
public final class GoMode {
  public static final int DIRECTORY = 0x80000000;
  public static final int SYMLINK = 0x08000000;
  public static final int DEVICE = 0x04000000;
  public static final int NAMED_PIPE = 0x02000000;
  public static final int SOCKET = 0x01000000;
  public static final int SET_UID = 0x00800000;
  public static final int SET_GID = 0x00400000;
  public static final int CHARACTER_DEVICE = 0x00200000;
  public static final int STICKY = 0x00100000;
  public static final int IRREGULAR = 0x00080000;

  private static final int TYPE_MASK =
      DIRECTORY | SYMLINK | DEVICE | NAMED_PIPE | SOCKET | CHARACTER_DEVICE | IRREGULAR;
  private static final int PERMISSIONS = 0777;

  private GoMode() {}

  /** Whether the mode is of a regular file, whose content may be asked for. */
  public static boolean isRegular(int mode) {
    return (mode & TYPE_MASK) == 0;
  }

  public static boolean isDirectory(int mode) {
    return (mode & DIRECTORY) != 0;
  }

  public static boolean isSymlink(int mode) {
    return (mode & SYMLINK) != 0;
  }

  /** Permission bits of Linux, with set-id and sticky bits. */
  public static int permissions(int mode) {
    return (mode & PERMISSIONS)
        | ((mode & SET_UID) != 0 ? 04000 : 0)
        | ((mode & SET_GID) != 0 ? 02000 : 0)
        | ((mode & STICKY) != 0 ? 01000 : 0);
  }

  /** The mode of Linux, type and permissions. */
  public static int toLinux(int mode) {
    return type(mode) | permissions(mode);
  }

  private static int type(int mode) {
    if ((mode & DIRECTORY) != 0) {
      return FileStatus.DIRECTORY;
    }
    if ((mode & SYMLINK) != 0) {
      return FileStatus.SYMLINK;
    }
    if ((mode & DEVICE) != 0) {
      return (mode & CHARACTER_DEVICE) != 0 ? FileStatus.CHARACTER_DEVICE : FileStatus.BLOCK_DEVICE;
    }
    return (mode & NAMED_PIPE) != 0 ? FileStatus.FIFO : FileStatus.REGULAR;
  }

  /** The mode on the wire for one of Linux; sockets pass for regular files, as senders do it. */
  public static int ofLinux(int mode) {
    int type =
        switch (mode & FileStatus.TYPE_MASK) {
          case FileStatus.DIRECTORY -> DIRECTORY;
          case FileStatus.SYMLINK -> SYMLINK;
          case FileStatus.CHARACTER_DEVICE -> DEVICE | CHARACTER_DEVICE;
          case FileStatus.BLOCK_DEVICE -> DEVICE;
          case FileStatus.FIFO -> NAMED_PIPE;
          default -> 0;
        };
    return type
        | (mode & PERMISSIONS)
        | ((mode & 04000) != 0 ? SET_UID : 0)
        | ((mode & 02000) != 0 ? SET_GID : 0)
        | ((mode & 01000) != 0 ? STICKY : 0);
  }
}
