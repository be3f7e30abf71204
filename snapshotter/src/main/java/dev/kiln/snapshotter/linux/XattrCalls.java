package dev.kiln.snapshotter.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Extended attributes of a path itself, links not followed. Thread-safe. */
public final class XattrCalls {
  private static final CFunction GET = CFunction.givingLong("lgetxattr", 4);
  private static final CFunction SET = CFunction.givingInt("lsetxattr", 5);
  private static final CFunction LIST = CFunction.givingLong("llistxattr", 3);
  private static final CFunction REMOVE = CFunction.givingInt("lremovexattr", 2);
  private static final int FIRST_TRY_BYTES = 256;

  /** The largest value or list that Linux allows (XATTR_SIZE_MAX, XATTR_LIST_MAX). */
  private static final int MAX_BYTES = 64 * 1024;

  private XattrCalls() {}

  /** The value of an attribute, or null when it is not set or the file system has none. */
  public static byte @Nullable [] get(String path, String name) throws LinuxException {
    return grow(
        "lgetxattr",
        path,
        bytes ->
            (a, s, buffer) ->
                GET.call(s, Libc.path(a, path), Libc.path(a, name), buffer.address(), bytes));
  }

  /** The names of all attributes, in no certain order; empty where the file system has none. */
  public static List<String> list(String path) throws LinuxException {
    byte[] packed =
        grow(
            "llistxattr",
            path,
            bytes -> (a, s, buffer) -> LIST.call(s, Libc.path(a, path), buffer.address(), bytes));
    List<String> names = new ArrayList<>();
    int from = 0;
    for (int i = 0; packed != null && i < packed.length; i++) {
      if (packed[i] == 0) {
        names.add(ByteNames.decode(packed, from, i - from));
        from = i + 1;
      }
    }
    return names;
  }

  /** Sets an attribute, replacing an older value. */
  public static void set(String path, String name, byte[] value) throws LinuxException {
    Libc.call(
        "lsetxattr",
        path + " " + name,
        (a, s) -> {
          MemorySegment buffer = a.allocate(Math.max(1, value.length));
          MemorySegment.copy(value, 0, buffer, ValueLayout.JAVA_BYTE, 0, value.length);
          return SET.call(
              s, Libc.path(a, path), Libc.path(a, name), buffer.address(), value.length, 0);
        });
  }

  /** Removes an attribute; one that is not set is no error. */
  public static void remove(String path, String name) throws LinuxException {
    long result = Libc.attempt((a, s) -> REMOVE.call(s, Libc.path(a, path), Libc.path(a, name)));
    if (result < 0 && result != -Errno.ENODATA) {
      throw new LinuxException((int) -result, "lremovexattr", path + " " + name);
    }
  }

  private interface Sized {
    Filling with(int bytes);
  }

  private interface Filling {
    long run(java.lang.foreign.Arena arena, MemorySegment state, MemorySegment buffer)
        throws Throwable;
  }

  private static byte @Nullable [] grow(String call, String path, Sized sized)
      throws LinuxException {
    for (int bytes = FIRST_TRY_BYTES; ; bytes = MAX_BYTES) {
      Filling filling = sized.with(bytes);
      int size = bytes;
      byte[][] out = new byte[1][];
      long result =
          Libc.attempt(
              (a, s) -> {
                MemorySegment buffer = a.allocate(size);
                long n = filling.run(a, s, buffer);
                if (n >= 0) {
                  out[0] = buffer.asSlice(0, n).toArray(ValueLayout.JAVA_BYTE);
                }
                return n;
              });
      if (result >= 0) {
        return out[0];
      }
      if (result == -Errno.ENODATA || result == -Errno.EOPNOTSUPP) {
        return null;
      }
      if (result != -Errno.ERANGE || bytes == MAX_BYTES) {
        throw new LinuxException((int) -result, call, path);
      }
    }
  }
}
