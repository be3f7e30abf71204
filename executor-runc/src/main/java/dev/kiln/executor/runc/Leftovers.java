package dev.kiln.executor.runc;

import dev.kiln.snapshotter.snapshot.MountPoint;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Containers, mounts and bundles that an executor left which did not end in order. */
final class Leftovers {
  private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

  private final RuncCommand runtime;
  private final Path bundles;

  Leftovers(RuncCommand runtime, Path bundles) {
    this.runtime = runtime;
    this.bundles = bundles;
  }

  /** Kills and removes all; one that cannot be removed is logged and does not stop the others. */
  void remove() throws IOException {
    try (DirectoryStream<Path> records = Files.newDirectoryStream(runtime.records())) {
      for (Path record : records) {
        String id = String.valueOf(record.getFileName());
        LOG.info("removing container {} of a former daemon", id);
        removeContainer(id);
      }
    }
    MountPoint.unmountAllBelow(bundles);
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(bundles)) {
      for (Path folder : folders) {
        removeBundle(folder);
      }
    }
  }

  private void removeContainer(String id) {
    try {
      if (runtime.isRecordCutOff(id)) {
        // By a power cut, which left nothing of what the record told of.
        Remover.removeRecord(runtime.record(id));
      } else {
        runtime.delete(id);
      }
    } catch (IOException e) {
      LOG.warn("{}", e.getMessage());
    }
  }

  /** Places for temporary mounts are empty folders by now. */
  private static void removeBundle(Path folder) {
    try {
      Bundle.removeFolder(folder);
    } catch (IOException e) {
      LOG.warn("could not remove {}: {}", folder, e.getMessage());
    }
  }
}
