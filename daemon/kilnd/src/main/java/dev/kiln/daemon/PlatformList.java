package dev.kiln.daemon;

import dev.kiln.executor.platform.Emulator;
import dev.kiln.executor.platform.EmulatorLookup;
import dev.kiln.executor.platform.PlatformProbe;
import dev.kiln.solver.llb.Platforms;
import dev.kiln.solver.pb.Platform;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The platforms whose programs can run here: those of the configuration, or those found by running
 * a program of each. The machine is not asked before somebody wants to know. Safe for use by
 * several threads.
 */
final class PlatformList implements Supplier<List<Platform>> {
  private static final Logger LOG = LoggerFactory.getLogger(PlatformList.class);

  private final List<Platform> configured;
  private final PlatformProbe probe;
  private final EmulatorLookup emulators;

  private PlatformList(List<Platform> configured, PlatformProbe probe) {
    this.configured = configured;
    this.probe = probe;
    String path = System.getenv().getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
    this.emulators =
        new EmulatorLookup(
            probe,
            Arrays.stream(path.split(":", -1)).filter(p -> !p.isEmpty()).map(Path::of).toList());
  }

  /**
   * The list for a configuration.
   *
   * @param configured as texts; empty means to find out
   * @param folder where programs may be put and run for a moment
   * @param maxAge how old an answer may be: emulators may be registered while the daemon runs
   *     (daemon.md, section 8)
   */
  static PlatformList of(List<String> configured, Path folder, Duration maxAge, Clock clock) {
    List<Platform> platforms =
        configured.stream()
            .map(dev.kiln.registry.image.Platform::parse)
            .map(each -> platform(each.os(), each.architecture(), each.variant()))
            .toList();
    return new PlatformList(platforms, new PlatformProbe(folder, maxAge, clock));
  }

  /** The platform of steps that name none. */
  Platform own() {
    return Platforms.normalize(configured.isEmpty() ? Platforms.local() : configured.getFirst());
  }

  @Override
  public List<Platform> get() {
    if (!configured.isEmpty()) {
      return configured;
    }
    try {
      return probe.platforms(true).stream()
          .map(each -> platform(each.os(), each.architecture(), each.variant()))
          .toList();
    } catch (IOException e) {
      // A full disk must not keep anybody from asking who the worker is.
      LOG.warn("could not find out which other platforms run here: {}", e.getMessage());
      return List.of(Platforms.local());
    }
  }

  /** The emulator to put in front of a step, empty where the kernel runs the platform itself. */
  Optional<Emulator> emulator(Platform wanted) throws IOException {
    Platform normal = Platforms.normalize(wanted);
    if (normal.equals(Platforms.normalize(Platforms.local()))) {
      return Optional.empty();
    }
    return emulators.find(
        new dev.kiln.executor.platform.Platform(
            normal.getOS(), normal.getArchitecture(), normal.getVariant()));
  }

  private static Platform platform(String os, String architecture, String variant) {
    return Platform.newBuilder()
        .setOS(os)
        .setArchitecture(architecture)
        .setVariant(variant)
        .build();
  }
}
