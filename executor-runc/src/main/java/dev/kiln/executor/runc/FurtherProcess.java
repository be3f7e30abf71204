package dev.kiln.executor.runc;

import dev.kiln.executor.Cancellation;
import dev.kiln.executor.CancelledException;
import dev.kiln.executor.ProcessSpec;
import dev.kiln.executor.SetupException;
import dev.kiln.executor.oci.RuntimeSpec;
import dev.kiln.executor.oci.RuntimeSpec.User;
import dev.kiln.executor.oci.SpecInput;
import dev.kiln.executor.oci.SpecWriter;
import dev.kiln.executor.process.ChildProcess;
import dev.kiln.executor.process.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A process besides the first one in a running container, and its files. For one thread. */
final class FurtherProcess implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FurtherProcess.class);
  private static final Duration STATE_PAUSE = Duration.ofMillis(25);

  private final RuncCommand runtime;
  private final RunningContainer container;
  private final ProcessSpec process;
  private final SpecInput.Terminal terminal;
  private final Path specFile;
  private final Path pidFile;

  FurtherProcess(
      RuncCommand runtime,
      RunningContainer container,
      ProcessSpec process,
      SpecInput.Terminal terminal) {
    this.runtime = runtime;
    this.container = container;
    this.process = process;
    this.terminal = terminal;
    int number = container.nextProcess();
    specFile = container.bundle.folder().resolve("process" + number + ".json");
    pidFile = container.bundle.folder().resolve("process" + number + ".pid");
  }

  /** Waits until the container's first process runs. */
  void awaitContainer(Cancellation cancellation) throws SetupException, CancelledException {
    try {
      while (!runtime.status(container.id).equals("running")) {
        if (cancellation.isCancelled()) {
          throw new CancelledException("context canceled", cancellation.cause());
        }
        if (container.ended.await(STATE_PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new SetupException("container " + container.id + " has stopped");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancelledException("context canceled", cancellation.cause());
    } catch (IOException e) {
      throw new SetupException("could not ask for the container's state: " + e.getMessage(), e);
    }
  }

  ChildProcess start(ChildProcess.Standard standard) throws IOException {
    User user = process.user().isEmpty() ? null : container.bundle.user(process.user());
    RuntimeSpec.ProcessEntry spec =
        SpecWriter.further(container.bundle.spec().process(), process, user, terminal);
    Files.write(specFile, SpecWriter.json(spec));
    return runtime.exec(container.id, container.bundle.folder(), specFile, pidFile, standard);
  }

  /** Kills by the pid that the runtime wrote down; it does so just after the start. */
  boolean kill() throws IOException {
    if (!Files.exists(pidFile)) {
      return false;
    }
    String text = Files.readString(pidFile).strip();
    if (text.isEmpty()) {
      return false;
    }
    Processes.kill(Integer.parseInt(text));
    return true;
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(specFile);
      Files.deleteIfExists(pidFile);
    } catch (IOException e) {
      LOG.debug("could not remove a process's files: {}", e.getMessage());
    }
  }
}
