package dev.kiln.executor;

import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Where a process reads and writes. Outputs receive bytes as they come, each from one thread, and
 * are not closed; what they throw stops the forwarding and not the process. The input is read until
 * its end and is closed when the process has ended.
 */
public sealed interface Stdio {
  /** Three separate streams; without an input the process reads from /dev/null. */
  record Streams(@Nullable InputStream input, OutputStream output, OutputStream error)
      implements Stdio {}

  /**
   * A terminal: one output for everything.
   *
   * @param columns the first width in characters, 0 when not known
   * @param rows the first height in lines, 0 when not known
   */
  record Terminal(@Nullable InputStream input, OutputStream output, int columns, int rows)
      implements Stdio {}

  /** No input, all output dropped. */
  static Stdio discard() {
    return new Streams(null, OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
  }
}
