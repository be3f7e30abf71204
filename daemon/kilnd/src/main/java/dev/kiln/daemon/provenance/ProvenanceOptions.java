package dev.kiln.daemon.provenance;

import dev.kiln.daemon.failure.BuildFailure;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client wants of provenance (exporters-and-cache.md, section 3.2).
 *
 * @param max whether steps, source files, layers and all arguments are told
 * @param inlineOnly whether it is for image exports only
 * @param filename in exports to files
 * @param completeMaterials whether a build fails that used what cannot be told
 */
record ProvenanceOptions(
    Version version,
    boolean max,
    boolean reproducible,
    boolean inlineOnly,
    String builderId,
    String filename,
    boolean completeMaterials) {
  private static final String DEFAULT_FILENAME = "provenance.json";
  private static final Set<String> TRUE = Set.of("1", "t", "T", "TRUE", "true", "True");
  private static final Set<String> FALSE = Set.of("0", "f", "F", "FALSE", "false", "False");

  /** The forms of the predicate. */
  enum Version {
    V1("https://slsa.dev/provenance/v1"),
    V0_2("https://slsa.dev/provenance/v0.2");

    private final String predicateType;

    Version(String predicateType) {
      this.predicateType = predicateType;
    }

    String predicateType() {
      return predicateType;
    }
  }

  /** What build records keep. */
  static ProvenanceOptions ofHistory(String builderId) {
    return new ProvenanceOptions(
        Version.V1, true, false, false, builderId, DEFAULT_FILENAME, false);
  }

  /**
   * Reads parameters.
   *
   * @throws BuildFailure for one with a value that makes no sense; unknown ones are ignored
   */
  static ProvenanceOptions read(Map<String, String> parameters) {
    return new ProvenanceOptions(
        version(parameters.getOrDefault("version", "v1")),
        max(parameters.getOrDefault("mode", "max")),
        flag(parameters, "reproducible"),
        Boolean.TRUE.equals(truth(parameters.get("inline-only"))),
        parameters.getOrDefault("builder-id", ""),
        parameters.getOrDefault("filename", DEFAULT_FILENAME),
        flag(parameters, "complete-materials"));
  }

  private static Version version(String text) {
    return switch (text) {
      case "v1" -> Version.V1;
      case "v0.2" -> Version.V0_2;
      case "" -> throw BuildFailure.of("provenance SLSA version cannot be empty", null);
      default -> throw BuildFailure.of("invalid provenance SLSA version: " + text, null);
    };
  }

  private static boolean max(String mode) {
    return switch (mode) {
      case "max", "full" -> true;
      case "min" -> false;
      default -> throw BuildFailure.of("invalid mode \"" + mode + "\"", null);
    };
  }

  private static boolean flag(Map<String, String> parameters, String name) {
    String text = parameters.get(name);
    Boolean value = text == null ? Boolean.FALSE : truth(text);
    if (value == null) {
      throw BuildFailure.of(
          "failed to parse " + name + " flag \"" + text + "\": it is true or false", null);
    }
    return value;
  }

  private static @Nullable Boolean truth(@Nullable String text) {
    if (text == null) {
      return null;
    }
    return TRUE.contains(text) ? Boolean.TRUE : FALSE.contains(text) ? Boolean.FALSE : null;
  }
}
