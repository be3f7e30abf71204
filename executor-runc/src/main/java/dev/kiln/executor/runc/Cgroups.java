package dev.kiln.executor.runc;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The cgroup hierarchies of this machine, of either version or both. Thread-safe. */
final class Cgroups {
  private static final int REMOVE_ATTEMPTS = 6;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(2);

  /** Where the two versions count what was killed for memory. */
  private static final List<Path> MEMORY_FILES =
      List.of(Path.of("memory.events"), Path.of("memory.oom_control"));

  private final List<Path> hierarchies;

  Cgroups(List<CgroupMount> mounts) {
    this.hierarchies = mounts.stream().map(CgroupMount::mountPoint).toList();
  }

  /**
   * Whether the kernel killed a process of the cgroup because memory ran out. Version 2 counts in
   * {@code memory.events}, version 1 in {@code memory.oom_control}, both as {@code oom_kill}.
   */
  boolean ranOutOfMemory(String cgroup) {
    for (Path hierarchy : hierarchies) {
      for (Path file : MEMORY_FILES) {
        if (oomKills(below(hierarchy, cgroup).resolve(file)) > 0) {
          return true;
        }
      }
    }
    return false;
  }

  private static long oomKills(Path file) {
    try {
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith("oom_kill ")) {
          return Long.parseLong(line.substring("oom_kill ".length()).strip());
        }
      }
    } catch (IOException | NumberFormatException e) {
      // No such controller, or the cgroup is gone: nothing is known to have been killed.
    }
    return 0;
  }

  /**
   * Removes a cgroup and those below it from all hierarchies. A process that has ended may hold it
   * for some milliseconds more.
   *
   * @throws IOException it is still in use
   */
  void remove(String cgroup) throws IOException {
    for (Path hierarchy : hierarchies) {
      removeBusy(below(hierarchy, cgroup));
    }
  }

  private static void removeBusy(Path folder) throws IOException {
    Duration pause = FIRST_PAUSE;
    for (int attempt = 1; ; attempt++) {
      try {
        removeTree(folder);
        return;
      } catch (IOException e) {
        if (attempt == REMOVE_ATTEMPTS) {
          throw e;
        }
      }
      try {
        Thread.sleep(pause);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while removing " + folder, e);
      }
      pause = pause.multipliedBy(2);
    }
  }

  /** Files of a cgroup vanish with its folder; only folders are removed. */
  private static void removeTree(Path folder) throws IOException {
    try {
      Files.delete(folder);
    } catch (NoSuchFileException e) {
      return;
    } catch (IOException e) {
      try (DirectoryStream<Path> children = Files.newDirectoryStream(folder, Files::isDirectory)) {
        for (Path child : children) {
          removeTree(child);
        }
      }
      Files.deleteIfExists(folder);
    }
  }

  /** Whether any hierarchy still has the cgroup. */
  boolean exists(String cgroup) {
    return hierarchies.stream().anyMatch(h -> Files.exists(below(h, cgroup)));
  }

  private static Path below(Path hierarchy, String cgroup) {
    return hierarchy.resolve(cgroup.startsWith("/") ? cgroup.substring(1) : cgroup);
  }

  /**
   * The cgroup of a container.
   *
   * @param parent empty for none; a systemd slice that ends in a colon is a prefix of the name
   */
  static String path(String parent, String id) {
    if (parent.contains(".slice") && parent.endsWith(":")) {
      return parent + id;
    }
    Path path = Path.of("/", parent, "buildkit", id).normalize();
    return path.toString();
  }
}
