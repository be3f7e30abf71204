package dev.kiln.executor.runc;

import dev.kiln.executor.network.NetworkNamespace;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Phaser;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what is left of containers whose process has ended: cgroup, the runtime's record, the
 * bundle's folder, network. That takes a few calls of the kernel here and a whole process if the
 * runtime is asked, which is the fallback. Safe for use by many threads.
 */
final class Remover implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Remover.class);

  private final RuncCommand runtime;
  private final Cgroups cgroups;
  private final Phaser pending = new Phaser(1);

  /** What is to be removed of one container. */
  record Removal(String id, String cgroup, Path bundle, NetworkNamespace network) {}

  Remover(RuncCommand runtime, Cgroups cgroups) {
    this.runtime = runtime;
    this.cgroups = cgroups;
  }

  void removeLater(Removal removal) {
    pending.register();
    Thread.ofVirtual()
        .name("kiln-remove-" + removal.id)
        .start(
            () -> {
              try {
                remove(removal);
              } finally {
                pending.arriveAndDeregister();
              }
            });
  }

  /** Removes now; what cannot be removed is logged. */
  void remove(Removal removal) {
    boolean interrupted = Thread.interrupted();
    try {
      removeContainer(removal);
      Bundle.removeFolder(removal.bundle);
    } catch (IOException e) {
      LOG.warn("could not remove {}: {}", removal.bundle, e.getMessage());
    } finally {
      closeNetwork(removal.network);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void removeContainer(Removal removal) {
    Path record = runtime.record(removal.id);
    try {
      cgroups.remove(removal.cgroup);
      removeRecord(record);
    } catch (IOException e) {
      LOG.debug("could not remove container {} at once: {}", removal.id, e.getMessage());
      try {
        runtime.delete(removal.id);
      } catch (IOException again) {
        LOG.warn("could not remove container {}: {}", removal.id, again.getMessage());
      }
    }
  }

  /** Removes what the runtime keeps of a container that does not run. */
  static void removeRecord(Path record) throws IOException {
    if (!Files.exists(record)) {
      return; // the runtime failed before it made one
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(record)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(record);
  }

  private static void closeNetwork(NetworkNamespace network) {
    try {
      network.close();
    } catch (IOException e) {
      LOG.warn("could not take down a container's network: {}", e.getMessage());
    }
  }

  /** Waits for removals that are under way. */
  @Override
  public void close() {
    pending.arriveAndAwaitAdvance();
  }
}
