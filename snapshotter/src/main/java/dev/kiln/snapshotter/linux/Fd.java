package dev.kiln.snapshotter.linux;

import static dev.kiln.snapshotter.linux.Libc.LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicBoolean;

/** An open file descriptor. Not for use by several threads at once, except {@link #close}. */
public final class Fd implements AutoCloseable {
  public static final int O_RDONLY = 0;
  public static final int O_WRONLY = 1;
  public static final int O_RDWR = 2;
  public static final int O_CREAT = 0x40;
  public static final int O_EXCL = 0x80;
  public static final int O_TRUNC = 0x200;
  public static final int O_CLOEXEC = 0x80000;
  public static final int O_PATH = 0x200000;

  /** These two differ by machine (asm/fcntl.h). */
  public static final int O_DIRECTORY;

  public static final int O_NOFOLLOW;

  /** Resolve every step below the directory; leaving it is an error (EXDEV). */
  public static final long RESOLVE_BENEATH = 0x08;

  /** Take the directory for the root of all links. */
  public static final long RESOLVE_IN_ROOT = 0x10;

  public static final long RESOLVE_NO_MAGICLINKS = 0x02;
  public static final long RESOLVE_NO_SYMLINKS = 0x04;

  private static final long SYS_OPENAT2 = 437;
  private static final CFunction OPEN = CFunction.givingInt("open", 3);
  private static final CFunction SYSCALL4 = CFunction.givingLong("syscall", 5);
  private static final CFunction CLOSE = CFunction.givingInt("close", 1);
  private static final CFunction READ = CFunction.givingLong("read", 3);
  private static final CFunction WRITE = CFunction.givingLong("write", 3);
  private static final CFunction COPY_FILE_RANGE = CFunction.givingLong("copy_file_range", 6);
  private static final int COPY_BYTES = 1 << 30;
  private static final int CHUNK_BYTES = 256 * 1024;
  private static final CFunction FSYNC = CFunction.givingInt("fsync", 1);
  private static final CFunction SYNCFS = CFunction.givingInt("syncfs", 1);
  private static final CFunction FTRUNCATE = CFunction.givingInt("ftruncate", 2);
  private static final CFunction FCHMOD = CFunction.givingInt("fchmod", 2);

  static {
    boolean arm = System.getProperty("os.arch", "").equals("aarch64");
    O_DIRECTORY = arm ? 0x4000 : 0x10000;
    O_NOFOLLOW = arm ? 0x8000 : 0x20000;
  }

  private final int number;
  private final String path;
  private final AtomicBoolean closed = new AtomicBoolean();

  private Fd(int number, String path) {
    this.number = number;
    this.path = path;
  }

  /** Takes over a descriptor that a call outside this class made. */
  static Fd adopt(int number, String path) {
    return new Fd(number, path);
  }

  /** open(2), always with O_CLOEXEC; the mode counts only with O_CREAT, less the umask. */
  public static Fd open(String path, int flags, int mode) throws LinuxException {
    long fd =
        Libc.call(
            "open", path, (a, s) -> OPEN.call(s, Libc.path(a, path), flags | O_CLOEXEC, mode));
    return new Fd((int) fd, path);
  }

  /** Opens a directory for listing, syncing or as the start of {@link #openBelow}. */
  public static Fd directory(String path) throws LinuxException {
    return open(path, O_RDONLY | O_DIRECTORY, 0);
  }

  /**
   * openat2(2): opens a path relative to this directory under the given resolve rules.
   *
   * @param resolve a sum of RESOLVE_ constants
   */
  public Fd openBelow(String relative, int flags, int mode, long resolve) throws LinuxException {
    int directory = number();
    long fd =
        Libc.call(
            "openat2",
            relative,
            (a, s) -> {
              MemorySegment how = a.allocate(24, 8);
              how.set(LONG, 0, (flags | O_CLOEXEC) & 0xFFFFFFFFL);
              how.set(LONG, 8, mode);
              how.set(LONG, 16, resolve);
              return SYSCALL4.call(
                  s, SYS_OPENAT2, directory, Libc.path(a, relative), how.address(), 24);
            });
    return new Fd((int) fd, relative);
  }

  /** The descriptor's number. */
  public int number() {
    if (closed.get()) {
      throw new IllegalStateException("the descriptor of " + path + " is closed");
    }
    return number;
  }

  /** A path by which other calls of this process reach the open file. */
  public String procPath() {
    return "/proc/self/fd/" + number();
  }

  /** Reads into native memory; returns the count, 0 at the end. */
  public int read(MemorySegment buffer, int length) throws LinuxException {
    return (int)
        Libc.call("read", path, (a, s) -> READ.call(s, number(), buffer.address(), length));
  }

  /** Writes all of the range. */
  public void write(MemorySegment buffer, long length) throws LinuxException {
    long done = 0;
    while (done < length) {
      MemorySegment rest = buffer.asSlice(done, length - done);
      done +=
          Libc.call(
              "write", path, (a, s) -> WRITE.call(s, number(), rest.address(), rest.byteSize()));
    }
  }

  /** Writes all of the array's range. */
  public void write(byte[] bytes, int offset, int length) throws LinuxException {
    Libc.call(
        "write",
        path,
        (a, s) -> {
          MemorySegment buffer = a.allocate(Math.max(1, length));
          MemorySegment.copy(bytes, offset, buffer, ValueLayout.JAVA_BYTE, 0, length);
          write(buffer, length);
          return 0;
        });
  }

  /**
   * Appends the rest of another file, inside the kernel where it can (copy_file_range(2), which
   * shares blocks on file systems that are able to).
   */
  public void copyFrom(Fd source) throws LinuxException {
    while (true) {
      long n =
          Libc.attempt(
              (a, s) -> COPY_FILE_RANGE.call(s, source.number(), 0, number(), 0, COPY_BYTES, 0));
      if (n < 0) {
        copyByHand(source);
        return;
      }
      if (n == 0) {
        return;
      }
    }
  }

  private void copyByHand(Fd source) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment chunk = arena.allocate(CHUNK_BYTES);
      for (int n = source.read(chunk, CHUNK_BYTES); n > 0; n = source.read(chunk, CHUNK_BYTES)) {
        write(chunk, n);
      }
    }
  }

  /** Cuts the file off, or fills it up with zeros, at a length in bytes. */
  public void truncate(long length) throws LinuxException {
    Libc.call("ftruncate", path, (a, s) -> FTRUNCATE.call(s, number(), length));
  }

  public void setPermissions(int permissions) throws LinuxException {
    Libc.call("fchmod", path, (a, s) -> FCHMOD.call(s, number(), permissions));
  }

  /** fsync(2) on a platform thread. */
  public void sync() throws IOException {
    NativeThreads.run(() -> Libc.call("fsync", path, (a, s) -> FSYNC.call(s, number())));
  }

  /** syncfs(2) of the file system that holds the file, on a platform thread. */
  public void syncFileSystem() throws IOException {
    NativeThreads.run(() -> Libc.call("syncfs", path, (a, s) -> SYNCFS.call(s, number())));
  }

  /** The path that it was opened by. */
  @Override
  public String toString() {
    return path;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      // A failing close has closed the descriptor all the same, so there is nothing to retry.
      Libc.attempt((a, s) -> Math.max(0, CLOSE.call(s, number)));
    }
  }
}
