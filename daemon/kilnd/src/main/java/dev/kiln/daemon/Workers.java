package dev.kiln.daemon;

import dev.kiln.daemon.config.GcPolicy;
import dev.kiln.daemon.config.KilndConfig;
import dev.kiln.daemon.worker.Collector;
import dev.kiln.daemon.worker.Worker;
import dev.kiln.snapshotter.ref.RefStore;
import dev.kiln.wire.types.GCPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes the one worker. */
final class Workers {
  private static final String PREFIX = "org.mobyproject.buildkit.worker.";

  private Workers() {}

  static Worker of(
      KilndConfig config,
      StateFolder state,
      RefStore refs,
      PlatformList platforms,
      StepExecutor steps,
      Runnable pruned)
      throws IOException {
    Map<String, String> labels = new TreeMap<>();
    labels.put(PREFIX + "executor", "oci");
    labels.put(PREFIX + "snapshotter", refs.snapshotter().name());
    labels.put(PREFIX + "hostname", InetAddress.getLocalHost().getHostName());
    labels.put(PREFIX + "network", steps.networkLabel());
    labels.put(PREFIX + "selinux.enabled", "false");
    labels.put(
        PREFIX + "oci.process-mode", config.worker().noProcessSandbox() ? "no-sandbox" : "sandbox");
    labels.putAll(config.worker().labels());
    long disk = Files.getFileStore(state.root()).getTotalSpace();
    List<GCPolicy> policies = new ArrayList<>();
    for (GcPolicy policy : config.worker().gc().effectivePolicies(disk)) {
      policies.add(
          GCPolicy.newBuilder()
              .setAll(policy.all())
              .addAllFilters(policy.filters())
              .setKeepDuration(policy.keepDuration().toNanos())
              .setReservedSpace(policy.reservedSpace().asBytes(disk))
              .setMaxUsedSpace(policy.maxUsedSpace().asBytes(disk))
              .setMinFreeSpace(policy.minFreeSpace().asBytes(disk))
              .build());
    }
    return new Worker(
        state.workerId(), labels, platforms, steps.devices()::records, policies, refs, pruned);
  }

  /** Starts to keep the store within the configured policies. */
  static Collector collector(
      KilndConfig config, StateFolder state, RefStore refs, Runnable removed, Clock clock)
      throws IOException {
    FileStore disk = Files.getFileStore(state.root());
    return Collector.start(
        refs,
        config.worker().gc().effectivePolicies(disk.getTotalSpace()),
        disk,
        removed,
        clock,
        Collector.Pace.USUAL);
  }
}
