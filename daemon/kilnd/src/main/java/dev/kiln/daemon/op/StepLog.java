package dev.kiln.daemon.op;

import dev.kiln.solver.VertexProgress;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/**
 * The output of a step on its way to the build's progress, clipped so that a chatty step cannot
 * fill memory: 2 MiB a stream, or what BUILDKIT_STEP_LOG_MAX_SIZE says (-1 for no limit). When the
 * step fails, the end of what was clipped is shown after all. Safe for use by several threads.
 */
final class StepLog implements AutoCloseable {
  private static final int STDOUT = 1;
  private static final int STDERR = 2;
  private static final long MAX_BYTES = limit("BUILDKIT_STEP_LOG_MAX_SIZE", 2L << 20);
  private static final int TAIL_BYTES = 256 << 10;

  private final VertexProgress progress;
  private final Stream stdout = new Stream(STDOUT);
  private final Stream stderr = new Stream(STDERR);

  StepLog(VertexProgress progress) {
    this.progress = progress;
  }

  private static long limit(String variable, long otherwise) {
    String text = System.getenv(variable);
    if (text == null) {
      return otherwise;
    }
    try {
      return Long.parseLong(text.trim());
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  OutputStream stdout() {
    return stdout;
  }

  OutputStream stderr() {
    return stderr;
  }

  /** The step failed: what was clipped last is worth showing. */
  void failed() {
    stdout.flushTail();
    stderr.flushTail();
  }

  @Override
  public void close() {}

  private final class Stream extends OutputStream {
    private final int number;
    private long sent;
    private boolean clipped;
    private final Deque<byte[]> tail = new ArrayDeque<>();
    private int tailBytes;

    Stream(int number) {
      this.number = number;
    }

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
      int room = MAX_BYTES < 0 ? length : Math.clamp(MAX_BYTES - sent, 0, length);
      if (room > 0) {
        sent += room;
        progress.log(number, java.util.Arrays.copyOfRange(bytes, offset, offset + room));
      }
      if (room < length) {
        clip();
        keep(java.util.Arrays.copyOfRange(bytes, offset + room, offset + length));
      }
    }

    private void clip() {
      if (!clipped) {
        clipped = true;
        String size = String.format(Locale.ROOT, "%.0fMiB", MAX_BYTES / (double) (1 << 20));
        String line = "\n[output clipped, log limit " + size + " reached]\n";
        progress.log(number, line.getBytes(StandardCharsets.UTF_8));
      }
    }

    private void keep(byte[] more) {
      tail.add(more);
      tailBytes += more.length;
      while (tailBytes - tail.getFirst().length >= TAIL_BYTES) {
        tailBytes -= tail.removeFirst().length;
      }
    }

    synchronized void flushTail() {
      tail.forEach(bytes -> progress.log(number, bytes));
      tail.clear();
      tailBytes = 0;
    }
  }
}
