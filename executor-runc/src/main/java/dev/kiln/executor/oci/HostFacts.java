package dev.kiln.executor.oci;

import dev.kiln.executor.process.X32;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the specification depends on besides the container: the machine that it runs on.
 *
 * @param architecture in libseccomp's words: {@code amd64}, {@code arm64}, {@code riscv64}, ...
 * @param kernelMajor of the running kernel
 * @param kernelMinor of the running kernel
 * @param seccomp whether the kernel filters system calls
 * @param cgroupNamespace whether containers get a cgroup namespace of their own: only where version
 *     2 is the only hierarchy, since version 1 refuses it in unusual layouts
 * @param x32 whether an amd64 kernel has the x32 call table; a filter that covers it too takes the
 *     runtime several milliseconds more for every container
 * @param capabilities the daemon's own effective ones
 */
public record HostFacts(
    String architecture,
    int kernelMajor,
    int kernelMinor,
    boolean seccomp,
    boolean cgroupNamespace,
    boolean x32,
    List<String> capabilities) {
  public HostFacts {
    capabilities = List.copyOf(capabilities);
  }

  /** Reads the facts from /proc and /sys. */
  public static HostFacts read() throws IOException {
    String[] version = System.getProperty("os.version", "0.0").split("[.-]", 3);
    List<String> status = Files.readAllLines(Path.of("/proc/self/status"));
    String architecture = architecture(System.getProperty("os.arch", ""));
    return new HostFacts(
        architecture,
        number(version[0]),
        version.length > 1 ? number(version[1]) : 0,
        status.stream().anyMatch(line -> line.startsWith("Seccomp:")),
        Files.exists(Path.of("/proc/self/ns/cgroup"))
            && Files.exists(Path.of("/sys/fs/cgroup/cgroup.subtree_control")),
        architecture.equals("amd64") && X32.supported(),
        Capabilities.ofBits(
            status.stream()
                .filter(line -> line.startsWith("CapEff:"))
                .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                .findFirst()
                .orElse(0)));
  }

  private static int number(String text) {
    String digits = text.replaceAll("\\D.*", "");
    return digits.isEmpty() ? 0 : Integer.parseInt(digits);
  }

  private static String architecture(String java) {
    return switch (java) {
      case "x86_64", "amd64" -> "amd64";
      case "aarch64" -> "arm64";
      case "loongarch64" -> "loong64";
      default -> java;
    };
  }

  boolean kernelAtLeast(int major, int minor) {
    return kernelMajor > major || (kernelMajor == major && kernelMinor >= minor);
  }
}
