package dev.kiln.executor.oci;

import dev.kiln.executor.ContainerSpec;
import dev.kiln.executor.Stdio;
import dev.kiln.executor.cdi.ContainerEdits;
import dev.kiln.executor.network.NetworkNamespace.Attachment;
import dev.kiln.executor.oci.RuntimeSpec.ConsoleSize;
import dev.kiln.executor.oci.RuntimeSpec.MountEntry;
import dev.kiln.executor.oci.RuntimeSpec.User;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a specification is made from.
 *
 * @param container what was asked for; its mounts and its user are ignored in favour of the
 *     resolved ones here
 * @param rootfs where the root file system is mounted on the host
 * @param user the first process's ids
 * @param opMounts the container's own mounts, resolved to what the runtime is to mount
 * @param resolvConf the file to show as /etc/resolv.conf
 * @param hosts the file to show as /etc/hosts
 * @param cgroupPath the container's cgroup
 * @param network how the container gets its network
 * @param terminal the first process's terminal
 * @param edits what the container's devices need, complete
 * @param settings the daemon's settings
 */
public record SpecInput(
    ContainerSpec container,
    Path rootfs,
    User user,
    List<MountEntry> opMounts,
    Path resolvConf,
    Path hosts,
    String cgroupPath,
    Attachment network,
    Terminal terminal,
    ContainerEdits edits,
    Settings settings) {
  public SpecInput {
    opMounts = List.copyOf(opMounts);
  }

  /** Whether a process has a terminal, and how large that is in characters; 0 is not known. */
  public record Terminal(boolean present, int columns, int rows) {
    /** What a process with this input and output has. */
    public static Terminal of(Stdio io) {
      return switch (io) {
        case Stdio.Streams streams -> new Terminal(false, 0, 0);
        case Stdio.Terminal terminal -> new Terminal(true, terminal.columns(), terminal.rows());
      };
    }

    @Nullable ConsoleSize size() {
      return columns > 0 && rows > 0 ? new ConsoleSize(rows, columns) : null;
    }
  }

  /**
   * Settings of a daemon that show in every specification.
   *
   * @param processSandbox false lets containers see the daemon's processes
   * @param apparmorProfile empty for none
   * @param oomScoreAdj null inherits the daemon's
   */
  public record Settings(
      boolean processSandbox, String apparmorProfile, @Nullable Integer oomScoreAdj) {
    public static final Settings DEFAULT = new Settings(true, "", null);
  }
}
