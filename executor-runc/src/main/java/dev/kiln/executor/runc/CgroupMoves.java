package dev.kiln.executor.runc;

import dev.kiln.executor.process.Background;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the kernel ready for a process to be moved into a cgroup. After a while without any move
 * the first one waits for a grace period of RCU, some ten milliseconds; moves that follow soon do
 * not (cgroup-v2.rst, "favordynmods", which switches that off for the whole machine). The runtime
 * moves each container's process, so the wait is begun beside what comes before that, by moves of
 * this process to the very cgroup that it is in, which change nothing. Thread-safe.
 */
final class CgroupMoves {
  private static final Logger LOG = LoggerFactory.getLogger(CgroupMoves.class);
  private static final Path OWN = Path.of("/proc/self/cgroup");
  private static final Duration PAUSE = Duration.ofMillis(6);

  /** About as long as the runtime takes from its start to its first move. */
  private static final Duration LASTING = Duration.ofMillis(25);

  private final List<Hierarchy> hierarchies;
  private final AtomicLong until = new AtomicLong(System.nanoTime());
  private final AtomicBoolean busy = new AtomicBoolean();

  /** A mount of a cgroup file system: what it holds, and which part of it shows where. */
  private record Hierarchy(boolean second, List<String> options, String root, Path mountPoint) {
    /** A line of proc_pid_mountinfo(5), if it is one of a cgroup file system. */
    static Optional<Hierarchy> parse(String line) {
      int separator = line.indexOf(" - ");
      if (separator < 0 || !line.startsWith("cgroup", separator + 3)) {
        return Optional.empty();
      }
      String[] fields = line.split(" ", 6);
      String[] kind = line.substring(separator + 3).split(" ", 3);
      return Optional.of(
          new Hierarchy(
              kind[0].equals("cgroup2"),
              Arrays.asList(kind[2].split(",")),
              fields[3],
              Path.of(fields[4])));
    }

    /** The folder of a process's cgroup here, by its line of proc_pid_cgroup(5). */
    Optional<Path> folder(String[] line) {
      boolean mine =
          second
              ? line[1].isEmpty()
              : !line[1].isEmpty() && options.containsAll(Arrays.asList(line[1].split(",")));
      String above = root.equals("/") ? "" : root;
      if (!mine || !(line[2] + "/").startsWith(above + "/")) {
        return Optional.empty();
      }
      return Optional.of(Path.of(mountPoint + line[2].substring(above.length())));
    }
  }

  private CgroupMoves(List<Hierarchy> hierarchies) {
    this.hierarchies = hierarchies;
  }

  static CgroupMoves find() throws IOException {
    return parse(Files.readAllLines(Path.of("/proc/self/mountinfo")));
  }

  /** Reads lines of proc_pid_mountinfo(5). */
  static CgroupMoves parse(List<String> mountinfo) {
    List<Hierarchy> found = new ArrayList<>();
    mountinfo.forEach(line -> Hierarchy.parse(line).ifPresent(found::add));
    return new CgroupMoves(List.copyOf(found));
  }

  /** Says that the runtime is about to be started; returns at once. */
  void expect() {
    until.set(System.nanoTime() + LASTING.toNanos());
    if (!hierarchies.isEmpty() && busy.compareAndSet(false, true)) {
      Background.run("kiln-cgroup", this::moveForAWhile);
    }
  }

  private void moveForAWhile() {
    try {
      while (System.nanoTime() - until.get() < 0) {
        moveToWhereWeAre();
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    } catch (IOException e) {
      LOG.debug("could not move to the own cgroup: {}", e.getMessage());
    } finally {
      busy.set(false);
    }
  }

  /** Asks anew each time where this process is: someone else may have moved it. */
  private void moveToWhereWeAre() throws IOException {
    Optional<Path> folder = ownFolder(Files.readAllLines(OWN));
    if (folder.isPresent()) {
      Files.writeString(folder.get().resolve("cgroup.procs"), "0", StandardOpenOption.WRITE);
    }
  }

  /** The folder of the cgroup that these lines of proc_pid_cgroup(5) name first. */
  Optional<Path> ownFolder(List<String> own) {
    for (String line : own) {
      String[] fields = line.split(":", 3);
      for (Hierarchy hierarchy : hierarchies) {
        Optional<Path> folder = hierarchy.folder(fields).filter(Files::isDirectory);
        if (folder.isPresent()) {
          return folder;
        }
      }
    }
    return Optional.empty();
  }
}
