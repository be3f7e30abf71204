package dev.kiln.executor.process;

import static dev.kiln.executor.process.Native.INT;
import static dev.kiln.executor.process.Native.PTR;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** A pipe; both ends are closed in children unless a {@link ChildProcess} is given one. */
public record Pipe(Descriptor readEnd, Descriptor writeEnd) implements AutoCloseable {
  private static final MethodHandle PIPE2 = Native.bind("pipe2", INT, PTR, INT);
  private static final int O_CLOEXEC = 0x80000;

  public static Pipe open() throws IOException {
    int[] numbers = new int[2];
    Native.call(
        "pipe2",
        (a, s) -> {
          MemorySegment pair = a.allocate(INT, 2);
          int result = (int) PIPE2.invokeExact(s, pair, O_CLOEXEC);
          numbers[0] = pair.getAtIndex(INT, 0);
          numbers[1] = pair.getAtIndex(INT, 1);
          return result;
        });
    return new Pipe(new Descriptor(numbers[0]), new Descriptor(numbers[1]));
  }

  @Override
  public void close() {
    readEnd.close();
    writeEnd.close();
  }
}
