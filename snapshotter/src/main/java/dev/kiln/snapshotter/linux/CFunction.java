package dev.kiln.snapshotter.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A function of the C library whose arguments are integers and addresses. Every argument is passed
 * as 64 bits, which the calling conventions of all 64-bit Linux systems take for a narrower integer
 * too, variadic ones included. So there are as many shapes of calls as there are numbers of
 * arguments; each shape costs some ten milliseconds of a start, each function next to nothing.
 *
 * <p>Keep instances in static final fields, where a call is compiled to a direct one. Thread-safe.
 *
 * @param handle takes the segment that captures errno, then the arguments
 * @param isInt whether the function gives an {@code int} rather than a {@code long}
 */
@SuppressWarnings("restricted") // binding C functions is what this class is for
public record CFunction(MethodHandle handle, boolean isInt) {
  /** A function that gives an {@code int}. */
  public static CFunction givingInt(String name, int arguments) {
    return new CFunction(bind(name, arguments), true);
  }

  /** A function that gives a {@code long}, {@code ssize_t} or {@code off_t}. */
  public static CFunction givingLong(String name, int arguments) {
    return new CFunction(bind(name, arguments), false);
  }

  /** Starts to make the shapes on a thread of its own, so that a start need not wait for them. */
  public static void prepare() {
    Thread.ofPlatform()
        .daemon()
        .name("kiln-calls")
        .start(() -> IntStream.of(3, 2, 5, 1, 4).forEach(arguments -> bind("syscall", arguments)));
  }

  private static MethodHandle bind(String name, int arguments) {
    MemoryLayout[] layouts = new MemoryLayout[arguments];
    Arrays.fill(layouts, ValueLayout.JAVA_LONG);
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(ValueLayout.JAVA_LONG, layouts),
        Linker.Option.captureCallState("errno"));
  }

  /** Calls a function of one argument; addresses must stay valid until it returns. */
  public long call(MemorySegment errno, long a) throws Throwable {
    return result((long) handle.invokeExact(errno, a));
  }

  /** Calls a function of two arguments. */
  public long call(MemorySegment errno, long a, long b) throws Throwable {
    return result((long) handle.invokeExact(errno, a, b));
  }

  /** Calls a function of three arguments. */
  public long call(MemorySegment errno, long a, long b, long c) throws Throwable {
    return result((long) handle.invokeExact(errno, a, b, c));
  }

  /** Calls a function of four arguments. */
  public long call(MemorySegment errno, long a, long b, long c, long d) throws Throwable {
    return result((long) handle.invokeExact(errno, a, b, c, d));
  }

  /** Calls a function of five arguments. */
  public long call(MemorySegment errno, long a, long b, long c, long d, long e) throws Throwable {
    return result((long) handle.invokeExact(errno, a, b, c, d, e));
  }

  /** Calls a function of six arguments. */
  public long call(MemorySegment errno, long a, long b, long c, long d, long e, long f)
      throws Throwable {
    return result((long) handle.invokeExact(errno, a, b, c, d, e, f));
  }

  /** The upper half of an int's register says nothing. */
  private long result(long register) {
    return isInt ? (int) register : register;
  }
}
