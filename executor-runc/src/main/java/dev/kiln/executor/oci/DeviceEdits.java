package dev.kiln.executor.oci;

import dev.kiln.executor.cdi.ContainerEdits;
import dev.kiln.executor.cdi.ContainerEdits.DeviceNode;
import dev.kiln.executor.cdi.ContainerEdits.HostMount;
import dev.kiln.executor.oci.RuntimeSpec.Device;
import dev.kiln.executor.oci.RuntimeSpec.DeviceRule;
import dev.kiln.executor.oci.RuntimeSpec.Hook;
import dev.kiln.executor.oci.RuntimeSpec.Hooks;
import dev.kiln.executor.oci.RuntimeSpec.IntelRdt;
import dev.kiln.executor.oci.RuntimeSpec.MountEntry;
import dev.kiln.executor.oci.RuntimeSpec.NetDevice;
import dev.kiln.executor.oci.RuntimeSpec.User;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Brings what devices need into the parts of a specification (CDI specification, SPEC.md, OCI
 * Edits).
 *
 * @param edits with complete device nodes
 * @param runner the first process's user, who owns nodes without an owner
 */
record DeviceEdits(ContainerEdits edits, User runner) {

  /** The variables of a process: an edit takes the place of what has its name. */
  List<String> environment(List<String> before) {
    List<String> env = new ArrayList<>(before);
    for (String variable : edits.env()) {
      String prefix = variable.substring(0, variable.indexOf('=') + 1);
      int at = 0;
      while (at < env.size() && !env.get(at).startsWith(prefix)) {
        at++;
      }
      if (at < env.size()) {
        env.set(at, variable);
      } else {
        env.add(variable);
      }
    }
    return env;
  }

  /** The process's user with the groups that may use the devices. */
  User user() {
    List<Integer> groups = new ArrayList<>(runner.additionalGids());
    for (int gid : edits.additionalGids()) {
      if (gid != 0 && !groups.contains(gid)) {
        groups.add(gid);
      }
    }
    return new User(runner.uid(), runner.gid(), groups);
  }

  /** Mounts with those of the devices, so ordered that none covers another's. */
  List<MountEntry> mounts(List<MountEntry> before) {
    List<MountEntry> mounts = new ArrayList<>(before);
    if (edits.mounts().isEmpty()) {
      return mounts;
    }
    for (HostMount mount : edits.mounts()) {
      mounts.removeIf(other -> other.destination().equals(mount.containerPath()));
      mounts.add(
          new MountEntry(mount.containerPath(), mount.type(), mount.hostPath(), mount.options()));
    }
    mounts.sort(
        Comparator.comparingInt(mount -> Path.of(mount.destination()).normalize().getNameCount()));
    return mounts;
  }

  List<Device> devices(List<Device> before) {
    List<Device> devices = new ArrayList<>(before);
    for (DeviceNode node : edits.deviceNodes()) {
      devices.removeIf(other -> other.path().equals(node.path()));
      devices.add(
          new Device(
              node.path(),
              node.type(),
              node.major(),
              node.minor(),
              node.fileMode(),
              owner(node.uid(), runner.uid()),
              owner(node.gid(), runner.gid())));
    }
    return devices;
  }

  private static @Nullable Integer owner(@Nullable Integer given, int runner) {
    return given != null || runner == 0 ? given : Integer.valueOf(runner);
  }

  /** What the cgroup lets through. */
  List<DeviceRule> rules(List<DeviceRule> before) {
    List<DeviceRule> rules = new ArrayList<>(before);
    for (DeviceNode node : edits.deviceNodes()) {
      if (node.type().equals("b") || node.type().equals("c")) {
        String access = node.permissions().isEmpty() ? "rwm" : node.permissions();
        rules.add(new DeviceRule(true, node.type(), node.major(), node.minor(), access));
      }
    }
    return rules;
  }

  @Nullable Hooks hooks() {
    return edits.hooks().isEmpty()
        ? null
        : new Hooks(
            hooks("prestart"),
            hooks("createRuntime"),
            hooks("createContainer"),
            hooks("startContainer"),
            hooks("poststart"),
            hooks("poststop"));
  }

  private List<Hook> hooks(String name) {
    return edits.hooks().stream()
        .filter(hook -> hook.name().equals(name))
        .map(hook -> new Hook(hook.path(), hook.args(), hook.env(), hook.timeout()))
        .toList();
  }

  @Nullable IntelRdt intelRdt() {
    ContainerEdits.IntelRdt rdt = edits.intelRdt();
    return rdt == null
        ? null
        : new IntelRdt(
            rdt.closId(),
            rdt.l3CacheSchema(),
            rdt.memBwSchema(),
            rdt.schemata(),
            rdt.enableMonitoring());
  }

  Map<String, NetDevice> netDevices() {
    Map<String, NetDevice> devices = new TreeMap<>();
    edits
        .netDevices()
        .forEach(each -> devices.put(each.hostInterfaceName(), new NetDevice(each.name())));
    return devices;
  }
}
