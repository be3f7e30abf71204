package dev.kiln.registry.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an image runs on. Empty strings mean "not given". Immutable. Reading and normal forms are
 * those that containerd uses, so that the same texts mean the same platforms.
 *
 * @param os the operating system, for example {@code linux}
 * @param architecture in Go's spelling, for example {@code amd64}
 * @param variant of the architecture, for example {@code v7}
 * @param osVersion of use on Windows
 * @param osFeatures features that the image needs
 */
public record Platform(
    String os, String architecture, String variant, String osVersion, List<String> osFeatures) {

  private static final Pattern COMPONENT = Pattern.compile("[A-Za-z0-9_.-]+");
  private static final Pattern OS_COMPONENT =
      Pattern.compile("([A-Za-z0-9_-]+)(?:\\(([A-Za-z0-9_.%-]*)((?:\\+[A-Za-z0-9_.%-]+)*)\\))?");
  private static final Set<String> KNOWN_OS =
      Set.of(
          "aix",
          "android",
          "darwin",
          "dragonfly",
          "freebsd",
          "hurd",
          "illumos",
          "ios",
          "js",
          "linux",
          "nacl",
          "netbsd",
          "openbsd",
          "plan9",
          "solaris",
          "windows",
          "zos");
  private static final Set<String> KNOWN_ARCHITECTURES =
      Set.of(
          "386",
          "amd64",
          "amd64p32",
          "arm",
          "armbe",
          "arm64",
          "arm64be",
          "ppc64",
          "ppc64le",
          "loong64",
          "mips",
          "mipsle",
          "mips64",
          "mips64le",
          "mips64p32",
          "mips64p32le",
          "ppc",
          "riscv",
          "riscv64",
          "s390",
          "s390x",
          "sparc",
          "sparc64",
          "wasm");

  public Platform {
    osFeatures = List.copyOf(osFeatures);
  }

  /** A platform without versions and features. */
  public static Platform of(String os, String architecture, String variant) {
    return new Platform(os, architecture, variant, "", List.of());
  }

  /** The platform of the machine that this program runs on. */
  public static Platform host() {
    return of("linux", hostArchitecture(), "").normalized();
  }

  private static String hostArchitecture() {
    String name = System.getProperty("os.arch", "amd64");
    return name.equals("ppc64le") || name.equals("s390x") || name.equals("riscv64")
        ? name
        : architectureOf(name, "")[0];
  }

  /**
   * Reads {@code os}, {@code arch}, {@code os/arch} or {@code os/arch/variant}; the operating
   * system may carry a version, {@code windows(10.0.17763)/amd64}. What is missing is the host's.
   * The result is normalised.
   *
   * @throws IllegalArgumentException if the text is no platform
   */
  public static Platform parse(String text) {
    String[] parts = text.split("/", -1);
    Matcher osPart = OS_COMPONENT.matcher(parts[0]);
    if (!osPart.matches()) {
      throw new IllegalArgumentException(
          "\"" + parts[0] + "\" is an invalid OS component of \"" + text + "\"");
    }
    for (int i = 1; i < parts.length; i++) {
      if (!COMPONENT.matcher(parts[i]).matches()) {
        throw new IllegalArgumentException(
            "\"" + parts[i] + "\" is an invalid component of \"" + text + "\"");
      }
    }
    String os = osOf(osPart.group(1));
    String version = osPart.group(2) == null ? "" : osPart.group(2);
    String features = osPart.group(3) == null ? "" : osPart.group(3);
    List<String> featureList = Stream.of(features.split("\\+")).filter(f -> !f.isEmpty()).toList();
    return switch (parts.length) {
      case 1 -> single(text, os, version, featureList);
      case 2 -> new Platform(os, parts[1], "", version, featureList).normalized();
      case 3 -> new Platform(os, parts[1], parts[2], version, featureList).normalized();
      default ->
          throw new IllegalArgumentException("\"" + text + "\": cannot parse platform specifier");
    };
  }

  private static Platform single(String text, String os, String version, List<String> features) {
    if (KNOWN_OS.contains(os)) {
      return new Platform(os, hostArchitecture(), "", version, features).normalized();
    }
    if (KNOWN_ARCHITECTURES.contains(architectureOf(text, "")[0])) {
      return of("linux", text, "").normalized();
    }
    throw new IllegalArgumentException(
        "\"" + text + "\": unknown operating system or architecture");
  }

  /**
   * One spelling for each platform: {@code aarch64} becomes {@code arm64}, {@code arm} gets {@code
   * v7}, and so on.
   */
  public Platform normalized() {
    String[] arch = architectureOf(architecture, variant);
    List<String> features = osFeatures.stream().sorted().distinct().toList();
    return new Platform(osOf(os), arch[0], arch[1], osVersion, features);
  }

  private static String osOf(String os) {
    String lower = os.toLowerCase(Locale.ROOT);
    return switch (lower) {
      case "" -> "linux";
      case "macos" -> "darwin";
      default -> lower;
    };
  }

  /** Architecture and variant in normal form. */
  private static String[] architectureOf(String name, String variant) {
    String arch = name.toLowerCase(Locale.ROOT);
    String v = variant.toLowerCase(Locale.ROOT);
    return switch (arch) {
      case "i386" -> new String[] {"386", ""};
      case "x86_64", "x86-64", "amd64" -> new String[] {"amd64", v.equals("v1") ? "" : v};
      case "aarch64", "arm64" -> new String[] {"arm64", arm64Variant(v)};
      case "armhf" -> new String[] {"arm", "v7"};
      case "armel" -> new String[] {"arm", "v6"};
      case "arm" -> new String[] {"arm", armVariant(v)};
      default -> new String[] {arch, v};
    };
  }

  private static String arm64Variant(String v) {
    return switch (v) {
      case "8", "v8", "v8.0" -> "";
      case "9", "9.0", "v9.0" -> "v9";
      default -> v;
    };
  }

  private static String armVariant(String v) {
    return switch (v) {
      case "", "7" -> "v7";
      case "5", "6", "8" -> "v" + v;
      default -> v;
    };
  }

  /** {@code os/architecture[/variant]}, or {@code unknown} without an operating system. */
  public String format() {
    if (os.isEmpty()) {
      return "unknown";
    }
    return Stream.of(os, architecture, variant)
        .filter(s -> !s.isEmpty())
        .collect(Collectors.joining("/"));
  }

  /**
   * As {@link #format()}, with version and features behind the operating system: {@code
   * windows(10.0+win32k)/amd64}.
   */
  public String formatAll() {
    if (os.isEmpty() || (osVersion.isEmpty() && osFeatures.isEmpty())) {
      return format();
    }
    String options =
        osVersion + osFeatures.stream().sorted().map(f -> "+" + f).collect(Collectors.joining());
    List<String> parts = new ArrayList<>(List.of(os + "(" + options + ")"));
    Stream.of(architecture, variant).filter(s -> !s.isEmpty()).forEach(parts::add);
    return String.join("/", parts);
  }

  /** Whether this is the marker {@code unknown/unknown} that attestation manifests carry. */
  public boolean isUnknown() {
    return os.equals("unknown") || architecture.equals("unknown");
  }

  /** The number in a variant such as {@code v7}, if it is one. */
  Optional<Integer> variantNumber() {
    String digits = variant.startsWith("v") ? variant.substring(1) : variant;
    return digits.matches("\\d{1,3}") ? Optional.of(Integer.parseInt(digits)) : Optional.empty();
  }

  @Override
  public String toString() {
    return formatAll();
  }
}
