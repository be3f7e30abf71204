package dev.kiln.snapshotter.linux;

import static dev.kiln.snapshotter.linux.Libc.INT;
import static dev.kiln.snapshotter.linux.Libc.LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * What statx(2) says of one file, links not followed.
 *
 * @param mode type and permission bits as in {@code st_mode}
 * @param device an opaque number of the file system that holds the inode
 * @param rdevMajor major number of a device node, else 0
 * @param size in bytes
 * @param blocks in units of 512 bytes
 * @param mtimeSeconds since 1970, may be negative
 * @param mtimeNanos 0 to 999,999,999
 */
public record FileStatus(
    int mode,
    int uid,
    int gid,
    long device,
    long inode,
    int links,
    int rdevMajor,
    int rdevMinor,
    long size,
    long blocks,
    long mtimeSeconds,
    int mtimeNanos) {
  public static final int TYPE_MASK = 0xF000;
  public static final int FIFO = 0x1000;
  public static final int CHARACTER_DEVICE = 0x2000;
  public static final int DIRECTORY = 0x4000;
  public static final int BLOCK_DEVICE = 0x6000;
  public static final int REGULAR = 0x8000;
  public static final int SYMLINK = 0xA000;
  public static final int SOCKET = 0xC000;

  private static final int STATX_BASIC_STATS = 0x7FF;
  private static final int AT_NO_AUTOMOUNT = 0x800;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int STATX_BYTES = 256;
  private static final CFunction STATX = CFunction.givingInt("statx", 5);

  /**
   * The status of a path, links not followed.
   *
   * @throws LinuxException also when it does not exist
   */
  public static FileStatus of(String path) throws LinuxException {
    return read(Libc.AT_FDCWD, path, Libc.AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT);
  }

  /** The status of what a path leads to, links followed. */
  public static FileStatus following(String path) throws LinuxException {
    return read(Libc.AT_FDCWD, path, 0);
  }

  /** The status of an open file. */
  public static FileStatus of(Fd fd) throws LinuxException {
    return read(fd.number(), "", AT_EMPTY_PATH);
  }

  /** The status of a path, or null when it does not exist. */
  public static @Nullable FileStatus find(String path) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(STATX_BYTES, 8);
      long result = statx(Libc.AT_FDCWD, path, Libc.AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT, buffer);
      if (result == -Errno.ENOENT || result == -Errno.ENOTDIR) {
        return null;
      }
      if (result < 0) {
        throw new LinuxException((int) -result, "lstat", path);
      }
      return decode(buffer);
    }
  }

  private static FileStatus read(int directory, String path, int flags) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(STATX_BYTES, 8);
      long result = statx(directory, path, flags, buffer);
      if (result < 0) {
        throw new LinuxException((int) -result, "lstat", path);
      }
      return decode(buffer);
    }
  }

  private static long statx(int directory, String path, int flags, MemorySegment buffer) {
    return Libc.attempt(
        (a, state) ->
            STATX.call(
                state, directory, Libc.path(a, path), flags, STATX_BASIC_STATS, buffer.address()));
  }

  /** Offsets are those of {@code struct statx} in linux/stat.h. */
  private static FileStatus decode(MemorySegment b) {
    long device = ((long) b.get(INT, 136) << 32) | (b.get(INT, 140) & 0xFFFFFFFFL);
    return new FileStatus(
        b.get(java.lang.foreign.ValueLayout.JAVA_SHORT, 28) & 0xFFFF,
        b.get(INT, 20),
        b.get(INT, 24),
        device,
        b.get(LONG, 32),
        b.get(INT, 16),
        b.get(INT, 128),
        b.get(INT, 132),
        b.get(LONG, 40),
        b.get(LONG, 48),
        b.get(LONG, 112),
        b.get(INT, 120));
  }

  /** The type bits of {@link #mode}. */
  public int type() {
    return mode & TYPE_MASK;
  }

  /** Permission bits with set-id and sticky bits (07777). */
  public int permissions() {
    return mode & 0xFFF;
  }

  public boolean isDirectory() {
    return type() == DIRECTORY;
  }

  public boolean isRegular() {
    return type() == REGULAR;
  }

  public boolean isSymlink() {
    return type() == SYMLINK;
  }

  /** Whether this is overlayfs' mark for "deleted": a character device 0/0. */
  public boolean isWhiteout() {
    return type() == CHARACTER_DEVICE && rdevMajor == 0 && rdevMinor == 0;
  }

  public boolean sameFile(FileStatus other) {
    return device == other.device && inode == other.inode;
  }
}
