package dev.kiln.dockerfile.llb;

import java.util.Locale;
import java.util.Set;

/**
 * Names of systems and processors that Go knows, and the aliases that Docker's tools accept for
 * them.
 */
final class KnownPlatforms {

  private static final Set<String> SYSTEMS =
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

  private static final Set<String> ARCHITECTURES =
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

  private KnownPlatforms() {}

  /** A processor and its variant. */
  record Cpu(String architecture, String variant) {}

  static boolean isOs(String os) {
    return SYSTEMS.contains(os);
  }

  static boolean isArchitecture(String architecture) {
    return ARCHITECTURES.contains(architecture);
  }

  static String localOs() {
    return "linux";
  }

  static String localArchitecture() {
    return normalizedCpu(System.getProperty("os.arch", "amd64"), "").architecture();
  }

  static String normalizedOs(String os) {
    if (os.isEmpty()) {
      return localOs();
    }
    String lower = os.toLowerCase(Locale.ROOT);
    return lower.equals("macos") ? "darwin" : lower;
  }

  static Cpu normalizedCpu(String architecture, String variant) {
    String arch = architecture.toLowerCase(Locale.ROOT);
    String v = variant.toLowerCase(Locale.ROOT);
    return switch (arch) {
      case "i386" -> new Cpu("386", "");
      case "x86_64", "x86-64", "amd64" -> new Cpu("amd64", v.equals("v1") ? "" : v);
      case "aarch64", "arm64" ->
          new Cpu(
              "arm64",
              switch (v) {
                case "8", "v8", "v8.0" -> "";
                case "9", "9.0", "v9.0" -> "v9";
                default -> v;
              });
      case "armhf" -> new Cpu("arm", "v7");
      case "armel" -> new Cpu("arm", "v6");
      case "arm" ->
          new Cpu(
              "arm",
              switch (v) {
                case "", "7" -> "v7";
                case "5", "6", "8" -> "v" + v;
                default -> v;
              });
      default -> new Cpu(arch, v);
    };
  }
}
