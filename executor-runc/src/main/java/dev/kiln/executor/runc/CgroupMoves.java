package dev.kiln.executor.runc;

import dev.kiln.executor.process.Background;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
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

  private final List<CgroupMount> hierarchies;
  private final AtomicLong until = new AtomicLong(System.nanoTime());
  private final AtomicBoolean busy = new AtomicBoolean();

  CgroupMoves(List<CgroupMount> hierarchies) {
    this.hierarchies = List.copyOf(hierarchies);
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
      for (CgroupMount hierarchy : hierarchies) {
        Optional<Path> folder = hierarchy.folder(fields).filter(Files::isDirectory);
        if (folder.isPresent()) {
          return folder;
        }
      }
    }
    return Optional.empty();
  }
}
