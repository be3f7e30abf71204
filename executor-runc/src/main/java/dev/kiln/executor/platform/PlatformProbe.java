package dev.kiln.executor.platform;

import dev.kiln.executor.process.ChildProcess;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out which platforms run here by running a tiny program of each in a folder that holds
 * nothing else, as a container would: an emulator that is found by its path only does not count.
 * Thread-safe.
 */
public final class PlatformProbe {
  private static final Logger LOG = LoggerFactory.getLogger(PlatformProbe.class);
  private static final Duration RUN_LIMIT = Duration.ofSeconds(10);
  private static final ChildProcess.Standard NOTHING = new ChildProcess.Standard(null, null, null);

  private final Path folder;
  private final Duration maxAge;
  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private List<Platform> found = List.of();
  private Instant foundAt = Instant.MIN;

  /**
   * Makes a probe; nothing is run yet.
   *
   * @param folder where the programs are put for a moment, allowing execution; exists already
   * @param maxAge how old an answer may be that a caller wants fresh
   */
  public PlatformProbe(Path folder, Duration maxAge, Clock clock) {
    this.folder = folder;
    this.maxAge = maxAge;
    this.clock = clock;
  }

  /**
   * The platforms that run here, the machine's own first.
   *
   * @param fresh whether to look again if the last look is too old; else any former answer will do
   * @throws IOException /proc cannot be read or the folder cannot be written
   */
  public List<Platform> platforms(boolean fresh) throws IOException {
    lock.lock();
    try {
      boolean tooOld =
          foundAt.equals(Instant.MIN) || (fresh && foundAt.plus(maxAge).isBefore(clock.instant()));
      if (tooOld) {
        found = probe();
        foundAt = clock.instant();
      }
      return found;
    } finally {
      lock.unlock();
    }
  }

  /** The machine's own platform. */
  public static Platform nativePlatform() {
    return switch (System.getProperty("os.arch", "")) {
      case "x86_64", "amd64" -> Platform.linux("amd64");
      case "aarch64", "arm64" -> Platform.linux("arm64");
      case "x86", "i386", "i686" -> Platform.linux("386");
      case "arm" -> Platform.linux("arm", "v7");
      case "loongarch64" -> Platform.linux("loong64");
      case String other -> Platform.linux(other);
    };
  }

  /** All programs run at once; what they say is listed in their fixed order. */
  private List<Platform> probe() throws IOException {
    Platform own = nativePlatform();
    List<Platform> platforms = new ArrayList<>(List.of(own));
    Path place = Files.createTempDirectory(folder, "platforms");
    Map<ProbeProgram, ChildProcess> running = new LinkedHashMap<>();
    try {
      if (own.architecture().equals("amd64")) {
        Amd64Levels.ofThisMachine().forEach(v -> platforms.add(Platform.linux("amd64", v)));
      }
      for (ProbeProgram program : ProbeProgram.ALL) {
        if (!program.architecture().equals(own.architecture()) && mayRun(program, own)) {
          running.put(program, start(place, program));
        }
      }
      for (var entry : running.entrySet()) {
        exitCode(entry.getValue())
            .ifPresent(code -> platforms.addAll(platformsOf(entry.getKey().architecture(), code)));
      }
      return List.copyOf(platforms);
    } finally {
      remove(place);
    }
  }

  /** Without any handler a kernel runs its own kind only, of either width. */
  private static boolean mayRun(ProbeProgram program, Platform own) throws IOException {
    boolean kin =
        switch (own.architecture()) {
          case "amd64" -> program.architecture().equals("386");
          case "arm64" -> program.architecture().equals("arm");
          default -> true;
        };
    return kin || BinfmtInstaller.mayHaveHandlers();
  }

  private static List<Platform> platformsOf(String architecture, int code) {
    if (architecture.equals("amd64")) {
      return switch (code) {
        case ProbeProgram.AMD64_LEVEL_1 -> List.of(Platform.linux("amd64"));
        case ProbeProgram.AMD64_LEVEL_2 ->
            List.of(Platform.linux("amd64"), Platform.linux("amd64", "v2"));
        default -> List.of();
      };
    }
    if (code != 0) {
      return List.of();
    }
    return architecture.equals("arm")
        ? List.of(Platform.linux("arm", "v7"), Platform.linux("arm", "v6"))
        : List.of(Platform.linux(architecture));
  }

  /** chroot(8) is everywhere; its codes from 125 say that it could not run the program. */
  private static ChildProcess start(Path place, ProbeProgram program) throws IOException {
    Path root = Files.createDirectory(place.resolve(program.architecture()));
    Path file = root.resolve("check");
    Files.write(file, program.file());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    for (String chroot : List.of("/usr/sbin/chroot", "/usr/bin/chroot", "/sbin/chroot")) {
      if (Files.exists(Path.of(chroot))) {
        List<String> args = List.of("chroot", root.toString(), "/check");
        return ChildProcess.start(chroot, args, List.of(), NOTHING);
      }
    }
    throw new IOException(
        "could not find out which platforms run here: there is no chroot program; install coreutils");
  }

  private static void remove(Path place) throws IOException {
    try (DirectoryStream<Path> roots = Files.newDirectoryStream(place)) {
      for (Path root : roots) {
        Files.deleteIfExists(root.resolve("check"));
        Files.delete(root);
      }
    }
    Files.delete(place);
  }

  private static OptionalInt exitCode(ChildProcess child) throws IOException {
    try {
      int code = child.exit().get(RUN_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      return code >= 125 ? OptionalInt.empty() : OptionalInt.of(code);
    } catch (TimeoutException e) {
      LOG.warn("a program of another platform did not end; that platform is taken as unsupported");
      child.signal(9);
      return OptionalInt.empty();
    } catch (ExecutionException e) {
      throw new IOException("could not learn how a program ended", e.getCause());
    } catch (InterruptedException e) {
      child.signal(9);
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while looking for platforms", e);
    }
  }
}
