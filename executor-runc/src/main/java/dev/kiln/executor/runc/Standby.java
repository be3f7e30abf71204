package dev.kiln.executor.runc;

import dev.kiln.executor.process.ChildProcess;
import dev.kiln.executor.process.Pipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * A call of runc that was started before there is anything to run: all that runc does before it
 * reads its specification, a quarter of its time, is done while the step before still runs. The
 * specification is a pipe, on which it waits; if this process dies, it reads an empty one and ends.
 * For one thread at a time.
 */
final class Standby implements AutoCloseable {
  private static final int SIGKILL = 9;
  private static final String SPEC_FILE = "config.json";

  /** What a pipe can hold, so that handing over never waits for the reader (pipe(7)). */
  private static final int ROOM_BYTES = 1 << 20;

  private final RuncCommand runtime;
  private final String id;
  private final Path folder;
  private final Pipe spec;
  private final Pipe output;
  private final Pipe error;
  private final ChildProcess child;
  private boolean used;

  private Standby(RuncCommand runtime, String id, Path folder, Pipe spec, Pipe output, Pipe error)
      throws IOException {
    this.runtime = runtime;
    this.id = id;
    this.folder = folder;
    this.spec = spec;
    this.output = output;
    this.error = error;
    this.child = runtime.run(id, folder, standard());
  }

  /**
   * Starts the runtime.
   *
   * @param id of the container that it will make
   * @param folder of that container's bundle; made here
   */
  static Standby start(RuncCommand runtime, String id, Path folder) throws IOException {
    Files.createDirectory(folder);
    try (Opening pipes = new Opening()) {
      Pipe spec = pipes.open();
      spec.setRoom(ROOM_BYTES);
      Files.createSymbolicLink(folder.resolve(SPEC_FILE), spec.pathOfReadEnd());
      Standby made = new Standby(runtime, id, folder, spec, pipes.open(), pipes.open());
      pipes.keep();
      return made;
    } catch (IOException e) {
      Bundle.removeFolder(folder);
      throw e;
    }
  }

  String id() {
    return id;
  }

  /** The call, for tests. */
  ChildProcess child() {
    return child;
  }

  Pipe output() {
    return output;
  }

  Pipe error() {
    return error;
  }

  private ChildProcess.Standard standard() {
    return new ChildProcess.Standard(null, output.writeEnd(), error.writeEnd());
  }

  /** Hands over what to run, once; starts the runtime anew where that cannot be done. */
  ChildProcess run(byte[] specification) throws IOException {
    if (!child.exit().isDone() && specification.length <= ROOM_BYTES) {
      // The runtime may not have opened the pipe yet, so the read end stays until it has ended.
      spec.writeEnd().write(specification, specification.length);
      spec.writeEnd().close();
      used = true;
      return child;
    }
    end();
    Files.delete(folder.resolve(SPEC_FILE));
    Files.write(folder.resolve(SPEC_FILE), specification);
    used = true;
    return runtime.run(id, folder, standard());
  }

  /** Call when what was run has ended. Ends the runtime if it got nothing to run. */
  @Override
  public void close() throws IOException {
    spec.close();
    if (!used) {
      used = true;
      end();
      output.close();
      error.close();
      Bundle.removeFolder(folder);
    }
  }

  private void end() {
    child.signal(SIGKILL);
    boolean interrupted = false;
    while (!child.exit().isDone()) {
      try {
        child.exit().get();
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (ExecutionException e) {
        break; // it has ended, one way or the other
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Pipes that are closed again unless all goes well. */
  private static final class Opening implements AutoCloseable {
    private final List<Pipe> pipes = new ArrayList<>();

    Pipe open() throws IOException {
      Pipe pipe = Pipe.open();
      pipes.add(pipe);
      return pipe;
    }

    void keep() {
      pipes.clear();
    }

    @Override
    public void close() {
      pipes.forEach(Pipe::close);
    }
  }
}
