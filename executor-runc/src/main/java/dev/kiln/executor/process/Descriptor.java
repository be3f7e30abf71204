package dev.kiln.executor.process;

import dev.kiln.snapshotter.linux.CFunction;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * An open file descriptor of this process, closed in children. Reading and closing may happen on
 * different threads: the number is given back to the system only when no call uses it any more.
 */
public final class Descriptor implements AutoCloseable {
  private static final CFunction READ = CFunction.givingLong("read", 3);
  private static final CFunction WRITE = CFunction.givingLong("write", 3);
  private static final CFunction CLOSE = CFunction.givingInt("close", 1);
  private static final int COPY_BYTES = 32 * 1024;

  private final int number;
  private int users;
  private boolean closed;

  Descriptor(int number) {
    this.number = number;
  }

  /** The number, for a call that ends before anyone closes this. */
  int number() {
    return number;
  }

  /** Takes all bytes up to the end and hands them on; the sink runs on the calling thread. */
  public void drain(Sink sink) throws IOException {
    enter();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(COPY_BYTES);
      byte[] bytes = new byte[COPY_BYTES];
      while (true) {
        int count = read(buffer);
        if (count <= 0) {
          return;
        }
        MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, bytes, 0, count);
        sink.accept(bytes, count);
      }
    } finally {
      leave();
    }
  }

  /** Where {@link #drain} puts bytes. */
  @FunctionalInterface
  public interface Sink {
    /** Takes the first {@code count} bytes; the array is used again afterwards. */
    void accept(byte[] bytes, int count) throws IOException;
  }

  /** The end of a terminal is an error (EIO) rather than a count of 0. */
  private int read(MemorySegment buffer) throws IOException {
    try {
      return (int)
          Native.call("read", (a, s) -> READ.call(s, number, buffer.address(), buffer.byteSize()));
    } catch (Native.CallException e) {
      if (e.errno == Native.EIO) {
        return -1;
      }
      throw e;
    }
  }

  /** Writes all bytes of the range. */
  public void write(byte[] bytes, int length) throws IOException {
    enter();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(Math.max(1, length));
      MemorySegment.copy(bytes, 0, buffer, ValueLayout.JAVA_BYTE, 0, length);
      long done = 0;
      while (done < length) {
        MemorySegment rest = buffer.asSlice(done, length - done);
        done +=
            Native.call("write", (a, s) -> WRITE.call(s, number, rest.address(), rest.byteSize()));
      }
    } finally {
      leave();
    }
  }

  private synchronized void enter() throws IOException {
    if (closed) {
      throw new IOException("the descriptor is closed");
    }
    users++;
  }

  private synchronized void leave() {
    users--;
    if (closed && users == 0) {
      release();
    }
  }

  /** Closes now, or as soon as the last call on it ends. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      if (users == 0) {
        release();
      }
    }
  }

  private void release() {
    try {
      Native.call("close", (a, s) -> CLOSE.call(s, number));
    } catch (Native.CallException e) {
      // Linux has released the number even when close reports an error.
    }
  }
}
