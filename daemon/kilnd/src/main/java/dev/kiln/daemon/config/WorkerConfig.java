package dev.kiln.daemon.config;

import java.util.List;
import java.util.Map;

/**
 * How steps run: the table {@code [worker.oci]}.
 *
 * @param enabled false only if it was switched off; the daemon has no other worker
 * @param labels added to the worker's own
 * @param platforms as texts; empty means those that the machine can run
 * @param snapshotter {@code auto}, {@code overlayfs} or {@code native}
 * @param binary the OCI runtime; empty means the first of {@code buildkit-runc} and {@code runc}
 * @param maxParallelism steps at once; 0 means no limit
 */
public record WorkerConfig(
    boolean enabled,
    Map<String, String> labels,
    List<String> platforms,
    String snapshotter,
    boolean rootless,
    boolean noProcessSandbox,
    String binary,
    String defaultCgroupParent,
    String apparmorProfile,
    boolean selinux,
    int maxParallelism,
    NetworkConfig network,
    GcConfig gc) {
  public WorkerConfig {
    labels = Map.copyOf(labels);
    platforms = List.copyOf(platforms);
  }
}
