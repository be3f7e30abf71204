package dev.kiln.daemon;

import dev.kiln.daemon.config.KilndConfig;
import dev.kiln.executor.Executor;
import dev.kiln.executor.rootfs.DnsSettings;
import dev.kiln.executor.runc.ExecutorOptions;
import dev.kiln.executor.runc.RuncExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Opens the executor of steps as configured. */
final class StepExecutor {
  private StepExecutor() {}

  /**
   * Opens the executor and removes what a former daemon left running.
   *
   * @throws IOException when there is no OCI runtime
   */
  static Executor open(KilndConfig config, Path root) throws IOException {
    Path runtime = runtime(config.worker().binary());
    ExecutorOptions options =
        ExecutorOptions.of(root.resolve("executor"), runtime)
            .withDns(
                new DnsSettings(
                    config.dns().nameservers(),
                    config.dns().options(),
                    config.dns().searchDomains()))
            .withCgroupParent(config.worker().defaultCgroupParent());
    RuncExecutor executor = new RuncExecutor(options);
    executor.cleanUpLeftovers();
    return executor;
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
