package dev.kiln.executor.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides whether a step of a platform needs an emulator of our own, and finds it. Thread-safe. */
public final class EmulatorLookup {
  private static final Logger LOG = LoggerFactory.getLogger(EmulatorLookup.class);
  private static final Map<String, String> QEMU_NAMES =
      Map.of("arm64", "aarch64", "amd64", "x86_64", "386", "i386");

  private final PlatformProbe probe;
  private final List<Path> searchPath;

  /**
   * Looks for {@code buildkit-qemu-<arch>} programs.
   *
   * @param searchPath folders, the first match wins
   */
  public EmulatorLookup(PlatformProbe probe, List<Path> searchPath) {
    this.probe = probe;
    this.searchPath = List.copyOf(searchPath);
  }

  /**
   * The emulator for a platform; empty when the kernel runs it, and also when there is none, in
   * which case the step will fail by itself.
   *
   * @throws IOException no program could make up for what the CPU lacks
   */
  public Optional<Emulator> find(Platform wanted) throws IOException {
    List<Platform> supported = probe.platforms(false);
    if (supported.stream().anyMatch(platform -> runs(platform, wanted))) {
      return Optional.empty();
    }
    String architecture = wanted.architecture();
    if (architecture.equals("amd64")
        && !wanted.variant().isEmpty()
        && !wanted.variant().equals("v2")) {
      throw new IOException(
          "no support for running processes with "
              + wanted
              + " platform, supported: "
              + supported.stream()
                  .filter(platform -> platform.architecture().equals("amd64"))
                  .map(Platform::toString)
                  .collect(Collectors.joining(", ")));
    }
    return search("buildkit-qemu-" + QEMU_NAMES.getOrDefault(architecture, architecture));
  }

  private Optional<Emulator> search(String name) {
    for (Path folder : searchPath) {
      Path program = folder.resolve(name);
      if (Files.isExecutable(program) && !Files.isDirectory(program)) {
        return Optional.of(new Emulator(program.toAbsolutePath()));
      }
    }
    LOG.warn("there is no emulator {} in the search path", name);
    return Optional.empty();
  }

  /** Older variants of ARM run on newer ones; all else has to be the same. */
  private static boolean runs(Platform supported, Platform wanted) {
    if (!supported.os().equals(wanted.os())
        || !supported.architecture().equals(wanted.architecture())) {
      return false;
    }
    return switch (wanted.architecture()) {
      case "arm" -> level(supported, 7) >= level(wanted, 7);
      case "arm64" -> level(wanted, 8) <= Math.max(8, level(supported, 8));
      default -> supported.variant().equals(wanted.variant());
    };
  }

  private static int level(Platform platform, int base) {
    String digits = platform.variant().replaceFirst("^v", "").replaceAll("\\D.*$", "");
    return digits.isEmpty() ? base : Integer.parseInt(digits);
  }
}
