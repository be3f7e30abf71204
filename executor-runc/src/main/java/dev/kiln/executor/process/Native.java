package dev.kiln.executor.process;

import java.io.IOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Binds functions of the C library and turns their errno into exceptions. */
@SuppressWarnings("restricted") // binding C functions is what this class is for
final class Native {
  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  static final AddressLayout PTR = ValueLayout.ADDRESS;

  static final int EINTR = 4;
  static final int EIO = 5;
  static final int EINVAL = 22;
  static final int EPIPE = 32;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO = CAPTURE.varHandle(PathElement.groupElement("errno"));
  private static final MethodHandle STRERROR =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("strerror"), FunctionDescriptor.of(PTR, INT));

  private Native() {}

  /** A call that gets memory for its arguments and the segment that captures errno. */
  interface Call {
    long run(Arena arena, MemorySegment state) throws Throwable;
  }

  /** A failed call with its error number. */
  static final class CallException extends IOException {
    final int errno;

    CallException(String call, int errno) {
      super(call + ": " + text(errno));
      this.errno = errno;
    }
  }

  /** Runs a call that answers -1 and sets errno when it fails; repeats it when interrupted. */
  static long call(String name, Call call) throws CallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CAPTURE);
      while (true) {
        long result = invoke(call, arena, state);
        if (result >= 0) {
          return result;
        }
        int errno = (int) ERRNO.get(state, 0L);
        if (errno != EINTR) {
          throw new CallException(name, errno);
        }
      }
    }
  }

  /** Runs a call of the pthread kind: the result itself is an error number, or 0. */
  static void callReturningErrno(String name, Call call) throws CallException {
    try (Arena arena = Arena.ofConfined()) {
      int errno = (int) invoke(call, arena, arena.allocate(CAPTURE));
      if (errno != 0) {
        throw new CallException(name, errno);
      }
    }
  }

  private static long invoke(Call call, Arena arena, MemorySegment state) {
    try {
      return call.run(arena, state);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) {
      throw new IllegalStateException("a native call threw", t);
    }
  }

  /** A NUL-terminated copy of a text. */
  static MemorySegment text(Arena arena, String text) {
    return arena.allocateFrom(text, StandardCharsets.UTF_8);
  }

  /** A NULL-terminated array of texts. */
  static MemorySegment texts(Arena arena, List<String> texts) {
    MemorySegment array = arena.allocate(PTR, texts.size() + 1L);
    for (int i = 0; i < texts.size(); i++) {
      array.setAtIndex(PTR, i, text(arena, texts.get(i)));
    }
    array.setAtIndex(PTR, texts.size(), MemorySegment.NULL);
    return array;
  }

  private static String text(int errno) {
    try {
      MemorySegment text = (MemorySegment) STRERROR.invokeExact(errno);
      return text.reinterpret(256).getString(0);
    } catch (Throwable t) {
      return "error " + errno;
    }
  }
}
