package dev.kiln.daemon;

import dev.kiln.daemon.config.KilndConfig;
import dev.kiln.daemon.config.NetworkConfig;
import dev.kiln.daemon.device.Devices;
import dev.kiln.executor.Executor;
import dev.kiln.executor.cdi.CdiDevices;
import dev.kiln.executor.network.NetworkSettings;
import dev.kiln.executor.oci.SpecInput;
import dev.kiln.executor.rootfs.DnsSettings;
import dev.kiln.executor.runc.ExecutorOptions;
import dev.kiln.executor.runc.RuncExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The executor of steps as configured.
 *
 * @param networkLabel the word for the default network in the worker's labels
 * @param devices what steps may be given
 */
record StepExecutor(Executor executor, String networkLabel, Devices devices) {

  /**
   * Opens the executor and removes what a former daemon left running.
   *
   * @throws IOException when there is no OCI runtime, or not the network that is asked for
   */
  static StepExecutor open(KilndConfig config, Path root) throws IOException {
    Path runtime = runtime(config.worker().binary());
    NetworkSettings.Selection network =
        settings(config.worker().network()).select(root.resolve("net"));
    CdiDevices described =
        config.cdi().disabled() ? CdiDevices.NONE : new CdiDevices(config.cdi().specDirectories());
    ExecutorOptions options =
        ExecutorOptions.of(root.resolve("executor"), runtime)
            .withDefaultNetwork(network.provider())
            .withDns(
                new DnsSettings(
                    config.dns().nameservers(),
                    config.dns().options(),
                    config.dns().searchDomains()))
            .withCgroupParent(config.worker().defaultCgroupParent())
            .withDevices(described)
            .withSpec(
                new SpecInput.Settings(
                    !config.worker().noProcessSandbox(), config.worker().apparmorProfile(), null));
    RuncExecutor executor = new RuncExecutor(options);
    executor.cleanUpLeftovers();
    return new StepExecutor(
        executor, network.label(), new Devices(described, config.cdi().autoAllowed()));
  }

  private static NetworkSettings settings(NetworkConfig config) {
    return new NetworkSettings(
        config.mode(),
        config.cniConfigPath(),
        config.cniBinaryPath(),
        config.cniPoolSize(),
        config.bridgeName(),
        config.bridgeSubnet());
  }

  private static Path runtime(String configured) throws IOException {
    List<String> names =
        configured.isEmpty() ? List.of("buildkit-runc", "runc") : List.of(configured);
    for (String name : names) {
      if (name.contains("/")) {
        if (Files.isExecutable(Path.of(name))) {
          return Path.of(name).toAbsolutePath();
        }
        continue;
      }
      String path = System.getenv().getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
      for (String folder : (path + ":/usr/sbin:/sbin").split(":", -1)) {
        Path candidate = Path.of(folder.isEmpty() ? "." : folder, name);
        if (Files.isExecutable(candidate)) {
          return candidate.toAbsolutePath();
        }
      }
    }
    throw new IOException(
        "could not find an OCI runtime: none of " + names + " is on PATH; install runc");
  }
}
