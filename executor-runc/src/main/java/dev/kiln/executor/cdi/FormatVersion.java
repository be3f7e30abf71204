package dev.kiln.executor.cdi;

import java.util.function.Predicate;
import java.util.stream.Stream;

/** The versions of the format. */
enum FormatVersion {
  V0_1_0("0.1.0"),
  V0_2_0("0.2.0"),
  V0_3_0("0.3.0"),
  V0_4_0("0.4.0"),
  V0_5_0("0.5.0"),
  V0_6_0("0.6.0"),
  V0_7_0("0.7.0"),
  V0_8_0("0.8.0"),
  V1_0_0("1.0.0"),
  V1_1_0("1.1.0");

  private final String text;

  FormatVersion(String text) {
    this.text = text;
  }

  /**
   * Checks that a file names a known version, and one that has all that the file uses.
   *
   * @throws CdiException if not
   */
  static void check(SpecFile file) throws CdiException {
    String said = file.version().startsWith("v") ? file.version().substring(1) : file.version();
    FormatVersion named =
        Stream.of(values())
            .filter(version -> version.text.equals(said))
            .findFirst()
            .orElseThrow(() -> new CdiException("invalid version \"" + file.version() + "\""));
    FormatVersion needed = needed(file);
    if (named.compareTo(needed) < 0) {
      throw new CdiException("the spec version must be at least v" + needed.text);
    }
  }

  /** The first version that has all that a file uses. */
  private static FormatVersion needed(SpecFile file) {
    if (any(file, FormatVersion::hasNetDeviceOrSchemata)) {
      return V1_1_0;
    }
    if (any(file, edits -> edits.intelRdt() != null || !edits.additionalGids().isEmpty())) {
      return V0_7_0;
    }
    if (hasAnnotation(file) || hasDotInClass(file.kind())) {
      return V0_6_0;
    }
    if (hasDigitName(file)
        || any(file, e -> e.deviceNodes().stream().anyMatch(node -> !node.hostPath().isEmpty()))) {
      return V0_5_0;
    }
    if (any(file, e -> e.mounts().stream().anyMatch(mount -> !mount.type().isEmpty()))) {
      return V0_4_0;
    }
    return V0_1_0;
  }

  private static boolean any(SpecFile file, Predicate<ContainerEdits> rule) {
    return rule.test(file.edits())
        || file.devices().stream().anyMatch(device -> rule.test(device.edits()));
  }

  private static boolean hasNetDeviceOrSchemata(ContainerEdits edits) {
    ContainerEdits.IntelRdt rdt = edits.intelRdt();
    return !edits.netDevices().isEmpty()
        || (rdt != null && (rdt.schemata() != null || rdt.enableMonitoring()));
  }

  private static boolean hasAnnotation(SpecFile file) {
    return !file.annotations().isEmpty()
        || file.devices().stream().anyMatch(device -> !device.annotations().isEmpty());
  }

  private static boolean hasDotInClass(String kind) {
    int slash = kind.indexOf('/');
    return slash >= 0 && kind.indexOf('.', slash) >= 0;
  }

  private static boolean hasDigitName(SpecFile file) {
    return file.devices().stream().anyMatch(device -> device.name().matches("[0-9].*"));
  }
}
