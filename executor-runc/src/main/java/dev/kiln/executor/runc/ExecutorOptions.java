package dev.kiln.executor.runc;

import dev.kiln.executor.cdi.CdiDevices;
import dev.kiln.executor.network.HostNetwork;
import dev.kiln.executor.network.NetworkProvider;
import dev.kiln.executor.oci.SpecInput;
import dev.kiln.executor.rootfs.DnsSettings;
import java.nio.file.Path;

/**
 * Settings of a {@link RuncExecutor}.
 *
 * @param root folder for bundles and the runtime's records; one executor at a time uses it
 * @param runtime absolute path of runc
 * @param defaultNetwork for containers that do not ask for another
 * @param cgroupParent for containers that name no parent; may be empty
 * @param devices the devices that containers may name
 * @param spec settings that show in every container's specification
 */
public record ExecutorOptions(
    Path root,
    Path runtime,
    NetworkProvider defaultNetwork,
    DnsSettings dns,
    String cgroupParent,
    CdiDevices devices,
    SpecInput.Settings spec) {

  /** The host's network and name resolution, no cgroup parent. */
  public static ExecutorOptions of(Path root, Path runtime) {
    return new ExecutorOptions(
        root,
        runtime,
        new HostNetwork(),
        DnsSettings.HOST,
        "",
        CdiDevices.NONE,
        SpecInput.Settings.DEFAULT);
  }

  public ExecutorOptions withDefaultNetwork(NetworkProvider provider) {
    return new ExecutorOptions(root, runtime, provider, dns, cgroupParent, devices, spec);
  }

  public ExecutorOptions withDns(DnsSettings settings) {
    return new ExecutorOptions(
        root, runtime, defaultNetwork, settings, cgroupParent, devices, spec);
  }

  public ExecutorOptions withCgroupParent(String parent) {
    return new ExecutorOptions(root, runtime, defaultNetwork, dns, parent, devices, spec);
  }

  public ExecutorOptions withDevices(CdiDevices all) {
    return new ExecutorOptions(root, runtime, defaultNetwork, dns, cgroupParent, all, spec);
  }

  public ExecutorOptions withSpec(SpecInput.Settings settings) {
    return new ExecutorOptions(root, runtime, defaultNetwork, dns, cgroupParent, devices, settings);
  }
}
