package dev.kiln.executor.runc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A mount of a cgroup file system. Immutable.
 *
 * @param second whether it is of version 2
 * @param options of the file system, among them the controllers of version 1
 * @param root the cgroup that shows at the mount point
 */
record CgroupMount(boolean second, List<String> options, String root, Path mountPoint) {
  CgroupMount {
    options = List.copyOf(options);
  }

  /** All that this process sees. */
  static List<CgroupMount> all() throws IOException {
    return parse(Files.readAllLines(Path.of("/proc/self/mountinfo")));
  }

  /** Reads lines of proc_pid_mountinfo(5); those of other file systems are passed over. */
  static List<CgroupMount> parse(List<String> mountinfo) {
    return mountinfo.stream().flatMap(line -> parse(line).stream()).toList();
  }

  private static Optional<CgroupMount> parse(String line) {
    int separator = line.indexOf(" - ");
    if (separator < 0 || !line.startsWith("cgroup", separator + 3)) {
      return Optional.empty();
    }
    String[] fields = line.split(" ", 6);
    String[] kind = line.substring(separator + 3).split(" ", 3);
    return Optional.of(
        new CgroupMount(
            kind[0].equals("cgroup2"),
            Arrays.asList(kind[2].split(",")),
            fields[3],
            Path.of(fields[4])));
  }

  /**
   * Where a process's cgroup shows here; empty if it is of another hierarchy or not shown.
   *
   * @param line the three parts of a line of proc_pid_cgroup(5)
   */
  Optional<Path> folder(String[] line) {
    boolean mine =
        second
            ? line[1].isEmpty()
            : !line[1].isEmpty() && options.containsAll(Arrays.asList(line[1].split(",")));
    String above = root.equals("/") ? "" : root;
    // "/.." begins the path of one that is outside of the own cgroup namespace.
    if (!mine || line[2].startsWith("/..") || !(line[2] + "/").startsWith(above + "/")) {
      return Optional.empty();
    }
    return Optional.of(Path.of(mountPoint + line[2].substring(above.length())));
  }
}
