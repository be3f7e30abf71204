package dev.kiln.executor.oci;

import dev.kiln.executor.oci.RuntimeSpec.MountEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The mounts that every container has, in the order in which they are made. */
final class StandardMounts {
  static final String TRACING_SOCKET = "/dev/otel-grpc.sock";

  private StandardMounts() {}

  /** Kernel file systems, then the name resolution files, then the cgroup tree. */
  static List<MountEntry> of(SpecInput input, boolean insecure) {
    String access = insecure ? "rw" : "ro";
    List<MountEntry> mounts = new ArrayList<>();
    mounts.add(
        input.settings().processSandbox()
            ? entry("/proc", "proc", "proc", "nosuid", "noexec", "nodev")
            : entry("/proc", "bind", "/proc", "rbind"));
    mounts.add(entry("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"));
    mounts.add(
        entry(
            "/dev/pts",
            "devpts",
            "devpts",
            "nosuid",
            "noexec",
            "newinstance",
            "ptmxmode=0666",
            "mode=0620",
            "gid=5"));
    mounts.add(
        entry("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k"));
    mounts.add(entry("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev"));
    mounts.add(entry("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", access));
    mounts.add(readOnlyFile("/etc/resolv.conf", input.resolvConf().toString()));
    mounts.add(readOnlyFile("/etc/hosts", input.hosts().toString()));
    mounts.add(entry("/sys/fs/cgroup", "cgroup", "cgroup", access, "nosuid", "noexec", "nodev"));
    return mounts;
  }

  private static MountEntry readOnlyFile(String destination, String source) {
    return entry(destination, "bind", source, "nosuid", "noexec", "nodev", "rbind", "ro");
  }

  static MountEntry entry(String destination, String type, String source, String... options) {
    return new MountEntry(destination, type, source, List.of(options));
  }

  /** Leaves one mount for each destination: the last one, at the place of the first. */
  static List<MountEntry> lastWins(Collection<MountEntry> mounts) {
    Map<String, MountEntry> byDestination = new LinkedHashMap<>();
    mounts.forEach(mount -> byDestination.put(mount.destination(), mount));
    return List.copyOf(byDestination.values());
  }
}
