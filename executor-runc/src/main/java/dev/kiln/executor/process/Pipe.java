package dev.kiln.executor.process;

import static dev.kiln.executor.process.Native.INT;

import dev.kiln.snapshotter.linux.CFunction;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** A pipe; both ends are closed in children unless a {@link ChildProcess} is given one. */
public record Pipe(Descriptor readEnd, Descriptor writeEnd) implements AutoCloseable {
  private static final CFunction PIPE2 = CFunction.givingInt("pipe2", 2);
  private static final CFunction FCNTL = CFunction.givingInt("fcntl", 3);
  private static final int O_CLOEXEC = 0x80000;
  private static final int F_SETPIPE_SZ = 1031;

  public static Pipe open() throws IOException {
    int[] numbers = new int[2];
    Native.call(
        "pipe2",
        (a, s) -> {
          MemorySegment pair = a.allocate(INT, 2);
          int result = (int) PIPE2.call(s, pair.address(), O_CLOEXEC);
          numbers[0] = pair.getAtIndex(INT, 0);
          numbers[1] = pair.getAtIndex(INT, 1);
          return result;
        });
    return new Pipe(new Descriptor(numbers[0]), new Descriptor(numbers[1]));
  }

  /**
   * Changes how much can be written before anybody reads.
   *
   * @param bytes at least a page; the system may refuse more than a mebibyte
   */
  public void setRoom(int bytes) throws IOException {
    Native.call("fcntl", (a, s) -> FCNTL.call(s, writeEnd.number(), F_SETPIPE_SZ, bytes));
  }

  /** A path by which another process of this user can open the read end, while this is open. */
  public Path pathOfReadEnd() {
    return Path.of("/proc/" + ProcessHandle.current().pid() + "/fd/" + readEnd.number());
  }

  @Override
  public void close() {
    readEnd.close();
    writeEnd.close();
  }
}
