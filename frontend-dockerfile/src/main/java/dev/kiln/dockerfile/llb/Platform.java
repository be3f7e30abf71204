package dev.kiln.dockerfile.llb;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An operating system and a processor, in the names of Go and the OCI image specification.
 *
 * @param os such as {@code linux}
 * @param architecture such as {@code amd64}
 * @param variant such as {@code v7}, or empty
 * @param osVersion of Windows, or empty
 * @param osFeatures such as {@code win32k}; usually empty
 */
public record Platform(
    String os, String architecture, String variant, String osVersion, List<String> osFeatures) {

  private static final String OS_PATTERN =
      "^([A-Za-z0-9_-]+)(?:\\(([A-Za-z0-9_.%-]*)((?:\\+[A-Za-z0-9_.%-]+)*)\\))?$";
  private static final String PART_PATTERN = "^[A-Za-z0-9_.-]+$";
  private static final Pattern OS = Pattern.compile(OS_PATTERN);
  private static final Pattern PART = Pattern.compile(PART_PATTERN);

  public Platform {
    osFeatures = List.copyOf(osFeatures);
  }

  /** A platform of which only system, processor and variant matter. */
  public static Platform of(String os, String architecture, String variant) {
    return new Platform(os, architecture, variant, "", List.of());
  }

  /** The platform that an op names. */
  public static Platform of(dev.kiln.solver.pb.Platform wire) {
    return new Platform(
        wire.getOS(),
        wire.getArchitecture(),
        wire.getVariant(),
        wire.getOSVersion(),
        wire.getOSFeaturesList());
  }

  /** The platform that this process runs on. */
  public static Platform local() {
    return of(KnownPlatforms.localOs(), KnownPlatforms.localArchitecture(), "").normalized();
  }

  /**
   * Parses {@code os[(version+feature)]/architecture[/variant]}, or a single system or
   * architecture, of which the rest is taken from this process.
   *
   * @throws IllegalArgumentException with the texts that Docker's tools print
   */
  public static Platform parse(String specifier) {
    if (specifier.contains("*")) {
      throw invalid(quoted(specifier) + ": wildcards not yet supported");
    }
    String[] parts = specifier.split("/", 4);
    Matcher system = OS.matcher(parts[0]);
    if (!system.matches()) {
      throw invalid(
          quoted(parts[0])
              + " is an invalid OS component of "
              + quoted(specifier)
              + ": OSAndVersion specifier component must match "
              + quoted(OS_PATTERN));
    }
    for (int i = 1; i < parts.length; i++) {
      if (!PART.matcher(parts[i]).matches()) {
        throw invalid(
            quoted(parts[i])
                + " is an invalid component of "
                + quoted(specifier)
                + ": platform specifier component must match "
                + quoted(PART_PATTERN));
      }
    }
    String os = KnownPlatforms.normalizedOs(system.group(1));
    String version = system.group(2) == null ? "" : decoded(system.group(2));
    List<String> features = features(system.group(3) == null ? "" : system.group(3));
    return switch (parts.length) {
      case 1 -> single(specifier, os, version, features);
      case 2 -> {
        KnownPlatforms.Cpu cpu = KnownPlatforms.normalizedCpu(parts[1], "");
        yield new Platform(os, cpu.architecture(), withoutV7(cpu), version, features);
      }
      case 3 -> {
        KnownPlatforms.Cpu cpu = KnownPlatforms.normalizedCpu(parts[1], parts[2]);
        boolean bareArm64 = cpu.architecture().equals("arm64") && cpu.variant().isEmpty();
        yield new Platform(
            os, cpu.architecture(), bareArm64 ? "v8" : cpu.variant(), version, features);
      }
      default -> throw invalid(quoted(specifier) + ": cannot parse platform specifier");
    };
  }

  private static Platform single(
      String specifier, String os, String version, List<String> features) {
    if (KnownPlatforms.isOs(os)) {
      return new Platform(os, KnownPlatforms.localArchitecture(), "", version, features);
    }
    KnownPlatforms.Cpu cpu = KnownPlatforms.normalizedCpu(specifier, "");
    if (KnownPlatforms.isArchitecture(cpu.architecture())) {
      return new Platform(
          KnownPlatforms.localOs(), cpu.architecture(), withoutV7(cpu), version, features);
    }
    throw invalid(quoted(specifier) + ": unknown operating system or architecture");
  }

  private static String withoutV7(KnownPlatforms.Cpu cpu) {
    return cpu.architecture().equals("arm") && cpu.variant().equals("v7") ? "" : cpu.variant();
  }

  private static List<String> features(String text) {
    List<String> features = new ArrayList<>();
    for (String feature : text.split("\\+", -1)) {
      if (!feature.isEmpty()) {
        features.add(decoded(feature));
      }
    }
    return features;
  }

  /** The same platform with aliases replaced and a variant only where it says something. */
  public Platform normalized() {
    KnownPlatforms.Cpu cpu = KnownPlatforms.normalizedCpu(architecture, variant);
    return new Platform(
        KnownPlatforms.normalizedOs(os),
        cpu.architecture(),
        cpu.variant(),
        osVersion,
        List.copyOf(new TreeSet<>(osFeatures)));
  }

  /** {@code os/architecture[/variant]}. */
  public String format() {
    return os.isEmpty() ? "unknown" : joined(os);
  }

  /** As {@link #format}, with version and features of the system if there are any. */
  public String formatAll() {
    if (os.isEmpty()) {
      return "unknown";
    }
    StringBuilder system = new StringBuilder(os);
    StringBuilder options = new StringBuilder(encoded(osVersion));
    for (String feature : new TreeSet<>(osFeatures)) {
      if (!feature.isEmpty()) {
        options.append('+').append(encoded(feature));
      }
    }
    if (!options.isEmpty()) {
      system.append('(').append(options).append(')');
    }
    return joined(system.toString());
  }

  private String joined(String system) {
    StringBuilder out = new StringBuilder(system);
    if (!architecture.isEmpty()) {
      out.append('/').append(architecture);
    }
    if (!variant.isEmpty()) {
      out.append('/').append(variant);
    }
    return out.toString();
  }

  /** The platform as an op names it. */
  public dev.kiln.solver.pb.Platform toWire() {
    return dev.kiln.solver.pb.Platform.newBuilder()
        .setOS(os)
        .setArchitecture(architecture)
        .setVariant(variant)
        .setOSVersion(osVersion)
        .addAllOSFeatures(osFeatures)
        .build();
  }

  private static String encoded(String option) {
    return option
        .replace("%", "%25")
        .replace("+", "%2B")
        .replace("(", "%28")
        .replace(")", "%29")
        .replace("/", "%2F");
  }

  private static String decoded(String option) {
    return option
        .replace("%2F", "/")
        .replace("%29", ")")
        .replace("%28", "(")
        .replace("%2B", "+")
        .replace("%25", "%");
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private static IllegalArgumentException invalid(String what) {
    return new IllegalArgumentException(what + ": invalid argument");
  }
}
