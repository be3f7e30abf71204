package dev.kiln.executor.cdi;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a container's specification gets so that its processes can use devices.
 *
 * @param env {@code NAME=value}; replaces what the process has by that name
 * @param netDevices network interfaces to move into the container
 * @param intelRdt null for none
 * @param additionalGids further groups of the first process
 */
public record ContainerEdits(
    List<String> env,
    List<DeviceNode> deviceNodes,
    List<NetDevice> netDevices,
    List<Hook> hooks,
    List<HostMount> mounts,
    @Nullable IntelRdt intelRdt,
    List<Integer> additionalGids) {
  /** No change. */
  public static final ContainerEdits NONE =
      new ContainerEdits(List.of(), List.of(), List.of(), List.of(), List.of(), null, List.of());

  public ContainerEdits {
    env = List.copyOf(env);
    deviceNodes = List.copyOf(deviceNodes);
    netDevices = List.copyOf(netDevices);
    hooks = List.copyOf(hooks);
    mounts = List.copyOf(mounts);
    additionalGids = List.copyOf(additionalGids);
  }

  /**
   * A device node in the container. What is null or 0 is taken from the node on the host.
   *
   * @param path in the container
   * @param hostPath empty means the same path as in the container
   * @param type {@code b}, {@code c}, {@code u} or {@code p}; empty for the host's
   * @param permissions of the cgroup, from {@code r}, {@code w} and {@code m}; empty means all
   */
  public record DeviceNode(
      String path,
      String hostPath,
      String type,
      long major,
      long minor,
      @Nullable Integer fileMode,
      String permissions,
      @Nullable Integer uid,
      @Nullable Integer gid) {}

  /** A network interface of the host, and its name in the container. */
  public record NetDevice(String hostInterfaceName, String name) {}

  /**
   * A program that the runtime starts at a moment of the container's life.
   *
   * @param name the moment, by the runtime specification's word
   * @param timeout in seconds
   */
  public record Hook(
      String name, String path, List<String> args, List<String> env, @Nullable Integer timeout) {
    public Hook {
      args = List.copyOf(args);
      env = List.copyOf(env);
    }
  }

  /** A path of the host in the container; an empty type is for the runtime to find out. */
  public record HostMount(
      String hostPath, String containerPath, List<String> options, String type) {
    public HostMount {
      options = List.copyOf(options);
    }
  }

  /** Intel's control of caches and memory bandwidth; empty texts and null are left out. */
  public record IntelRdt(
      String closId,
      String l3CacheSchema,
      String memBwSchema,
      @Nullable List<String> schemata,
      boolean enableMonitoring) {}

  /** Whether nothing changes. */
  public boolean isEmpty() {
    return equals(NONE);
  }

  /** These edits and others after them. */
  public ContainerEdits plus(ContainerEdits other) {
    return new ContainerEdits(
        joined(env, other.env),
        joined(deviceNodes, other.deviceNodes),
        joined(netDevices, other.netDevices),
        joined(hooks, other.hooks),
        joined(mounts, other.mounts),
        other.intelRdt == null ? intelRdt : other.intelRdt,
        joined(additionalGids, other.additionalGids));
  }

  /** The same with other device nodes. */
  ContainerEdits withDeviceNodes(List<DeviceNode> nodes) {
    return new ContainerEdits(env, nodes, netDevices, hooks, mounts, intelRdt, additionalGids);
  }

  private static <T> List<T> joined(List<T> first, List<T> second) {
    List<T> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }
}
