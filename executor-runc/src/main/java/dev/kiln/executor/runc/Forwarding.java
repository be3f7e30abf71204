package dev.kiln.executor.runc;

import dev.kiln.executor.Stdio;
import dev.kiln.executor.process.Background;
import dev.kiln.executor.process.ChildProcess;
import dev.kiln.executor.process.Descriptor;
import dev.kiln.executor.process.Pipe;
import dev.kiln.executor.process.PseudoTerminal;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries bytes between a caller's streams and a child's descriptors. Make it, start the child with
 * {@link #standard}, call {@link #childStarted}, and {@link #finish} when the child has ended.
 */
final class Forwarding implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Forwarding.class);
  private static final long QUIET_MILLIS = 2_000;
  private static final int CHUNK_BYTES = 32 * 1024;

  private final List<AutoCloseable> ends = new ArrayList<>();
  private final List<Descriptor> childEnds = new ArrayList<>();
  private final List<OutputPump> outputs = new ArrayList<>();
  private @Nullable InputStream input;
  private @Nullable Descriptor inputEnd;
  private @Nullable PseudoTerminal terminal;
  private final ChildProcess.Standard standard;

  Forwarding(Stdio io) throws IOException {
    try {
      standard =
          switch (io) {
            case Stdio.Streams streams -> pipes(streams);
            case Stdio.Terminal wanted -> terminal(wanted);
          };
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /** For a child that has these pipes already, and no input. */
  Forwarding(Stdio.Streams io, Pipe output, Pipe error) {
    standard =
        new ChildProcess.Standard(null, output(output, io.output()), output(error, io.error()));
  }

  private ChildProcess.Standard pipes(Stdio.Streams streams) throws IOException {
    Descriptor in = null;
    if (streams.input() != null) {
      Pipe pipe = pipe();
      in = pipe.readEnd();
      input = streams.input();
      inputEnd = pipe.writeEnd();
      childEnds.add(in);
    }
    return new ChildProcess.Standard(in, outputPipe(streams.output()), outputPipe(streams.error()));
  }

  private Descriptor outputPipe(OutputStream target) throws IOException {
    return output(Pipe.open(), target);
  }

  private Descriptor output(Pipe pipe, OutputStream target) {
    ends.add(pipe);
    outputs.add(new OutputPump(pipe.readEnd(), target));
    childEnds.add(pipe.writeEnd());
    return pipe.writeEnd();
  }

  private Pipe pipe() throws IOException {
    Pipe pipe = Pipe.open();
    ends.add(pipe);
    return pipe;
  }

  private ChildProcess.Standard terminal(Stdio.Terminal wanted) throws IOException {
    PseudoTerminal opened = PseudoTerminal.open();
    terminal = opened;
    ends.add(opened);
    if (wanted.columns() > 0 && wanted.rows() > 0) {
      opened.resize(wanted.columns(), wanted.rows());
    }
    input = wanted.input();
    inputEnd = opened.controller();
    outputs.add(new OutputPump(opened.controller(), wanted.output()));
    childEnds.add(opened.device());
    return new ChildProcess.Standard(opened.device(), opened.device(), opened.device());
  }

  /** What to give to the child. */
  ChildProcess.Standard standard() {
    return standard;
  }

  /** The child has its own copies now: closes ours and starts to forward. */
  void childStarted() {
    childEnds.forEach(Descriptor::close);
    outputs.forEach(pump -> Background.run("kiln-output", pump));
    InputStream source = input;
    Descriptor target = inputEnd;
    if (source != null && target != null) {
      boolean closeAtEnd = terminal == null;
      Background.run("kiln-input", () -> forwardInput(source, target, closeAtEnd));
    }
  }

  private static void forwardInput(InputStream source, Descriptor target, boolean closeAtEnd) {
    byte[] chunk = new byte[CHUNK_BYTES];
    try {
      for (int n = source.read(chunk); n >= 0; n = source.read(chunk)) {
        target.write(chunk, n);
      }
    } catch (IOException e) {
      LOG.debug("a process takes no more input: {}", e.getMessage());
    }
    if (closeAtEnd) {
      target.close();
    }
  }

  /** Tells the terminal its size; nothing without one. */
  boolean resize(int columns, int rows) {
    if (terminal == null) {
      return false;
    }
    try {
      terminal.resize(columns, rows);
      return true;
    } catch (IOException e) {
      return false; // it has just been closed
    }
  }

  /**
   * Waits until all output of the ended child has been handed on. Descendants that outlive it may
   * keep the descriptors: then it is over after two seconds without output.
   */
  void finish() {
    closeInput();
    outputs.forEach(OutputPump::awaitEnd);
    close();
  }

  private void closeInput() {
    Closeable source = input;
    if (source != null) {
      try {
        source.close();
      } catch (IOException e) {
        LOG.debug("could not close a process's input: {}", e.getMessage());
      }
    }
  }

  @Override
  public void close() {
    for (AutoCloseable end : ends) {
      try {
        end.close();
      } catch (Exception e) {
        LOG.debug("could not close a stream of a process: {}", e.getMessage());
      }
    }
  }

  /** Moves one output until its end, and goes on reading when nobody wants the bytes any more. */
  private static final class OutputPump implements Runnable {
    private final Descriptor source;
    private final OutputStream target;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean delivering;
    private volatile long chunks;
    private boolean refused;

    OutputPump(Descriptor source, OutputStream target) {
      this.source = source;
      this.target = target;
    }

    @Override
    public void run() {
      try {
        source.drain(this::deliver);
      } catch (IOException e) {
        LOG.debug("could not read a process's output: {}", e.getMessage());
      } finally {
        ended.countDown();
      }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    private void deliver(byte[] bytes, int count) {
      if (refused) {
        return;
      }
      delivering = true;
      chunks++;
      try {
        target.write(bytes, 0, count);
        target.flush();
      } catch (IOException e) {
        refused = true;
        LOG.debug("a process's output is no longer wanted: {}", e.getMessage());
      } finally {
        delivering = false;
      }
    }

    /** Output that is still being taken does not count as quiet, however slow its taker. */
    void awaitEnd() {
      boolean interrupted = false;
      while (true) {
        long before = chunks;
        try {
          if (ended.await(QUIET_MILLIS, TimeUnit.MILLISECONDS)) {
            break;
          }
        } catch (InterruptedException e) {
          interrupted = true;
          continue;
        }
        if (chunks == before && !delivering) {
          break;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
