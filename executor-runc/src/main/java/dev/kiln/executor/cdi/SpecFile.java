package dev.kiln.executor.cdi;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One file that describes devices of one kind.
 *
 * @param version of the format
 * @param kind {@code vendor/class}
 * @param edits made once for a container that gets any of the devices
 */
record SpecFile(
    Path path,
    String version,
    String kind,
    Map<String, String> annotations,
    List<Entry> devices,
    ContainerEdits edits) {
  SpecFile {
    annotations = Map.copyOf(annotations);
    devices = List.copyOf(devices);
  }

  /** A device, by its name within the kind. */
  record Entry(String name, Map<String, String> annotations, ContainerEdits edits) {
    Entry {
      annotations = Map.copyOf(annotations);
    }
  }
}
