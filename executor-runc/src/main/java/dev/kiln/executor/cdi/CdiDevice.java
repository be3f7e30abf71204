package dev.kiln.executor.cdi;

import java.util.Map;
import java.util.TreeMap;

/**
 * A device that containers can be given. Immutable.
 *
 * @param kind {@code vendor/class}
 * @param name within its kind
 * @param annotations of its file, overridden by its own
 * @param file who describes it
 * @param edits for this device alone; those of the file come before them
 */
public record CdiDevice(
    String kind, String name, Map<String, String> annotations, String file, ContainerEdits edits) {
  public CdiDevice {
    annotations = Map.copyOf(annotations);
  }

  static CdiDevice of(SpecFile file, SpecFile.Entry entry) {
    Map<String, String> annotations = new TreeMap<>(file.annotations());
    annotations.putAll(entry.annotations());
    return new CdiDevice(
        file.kind(), entry.name(), annotations, file.path().toString(), entry.edits());
  }

  /** {@code vendor/class=name}. */
  public String qualifiedName() {
    return kind + "=" + name;
  }
}
