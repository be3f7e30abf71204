package dev.kiln.snapshotter.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/** Binds functions of the C library and turns their errno into {@link LinuxException}. */
@SuppressWarnings("restricted") // binding C functions is what this class is for
final class Libc {
  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  static final java.lang.foreign.AddressLayout PTR = ValueLayout.ADDRESS;

  /** The current directory as a directory descriptor (AT_FDCWD). */
  static final int AT_FDCWD = -100;

  static final int AT_SYMLINK_NOFOLLOW = 0x100;

  private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO = CAPTURE.varHandle(PathElement.groupElement("errno"));

  private Libc() {}

  /** A call that receives an arena for its arguments and the segment that captures errno. */
  interface NativeCall {
    long run(Arena arena, MemorySegment state) throws Throwable;
  }

  /** Runs a call; a negative result becomes an exception. */
  static long call(String name, String path, NativeCall call) throws LinuxException {
    long result = attempt(call);
    if (result < 0) {
      throw new LinuxException((int) -result, name, path);
    }
    return result;
  }

  /** Runs a call; a negative result becomes the negated errno. Retries when interrupted. */
  static long attempt(NativeCall call) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CAPTURE);
      while (true) {
        long result = call.run(arena, state);
        if (result >= 0) {
          return result;
        }
        int errno = (int) ERRNO.get(state, 0L);
        if (errno != Errno.EINTR) {
          return -errno;
        }
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) {
      throw new IllegalStateException("a native call threw", t);
    }
  }

  /** The address of a NUL-terminated copy of a path. */
  static long path(Arena arena, String path) {
    byte[] bytes = ByteNames.encode(path);
    MemorySegment segment = arena.allocate(bytes.length + 1L);
    MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return segment.address();
  }

  /** Like {@link #path}, but NULL for an empty text. */
  static long optionalPath(Arena arena, String text) {
    return text.isEmpty() ? 0 : path(arena, text);
  }
}
