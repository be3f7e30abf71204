package dev.kiln.daemon.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Merges the worker's flags with the table {@code [worker.oci]}; flags win. */
record WorkerSettings(CommandLine line, TomlSection table, boolean rootless) {
  private static final String CNI_CONFIG = "/etc/buildkit/cni.json";
  private static final String CNI_BINARIES = "/opt/cni/bin";
  private static final String BRIDGE = "buildkit0";
  private static final String SUBNET = "10.10.0.0/16";

  WorkerConfig read() throws ConfigException {
    Map<String, String> labels = new LinkedHashMap<>(table.pairs("labels"));
    labels.putAll(line.pairs("oci-worker-labels"));
    List<String> platforms = table.texts("platforms");
    int parallelism = table.number("max-parallelism").orElse(0L).intValue();
    return new WorkerConfig(
        enabled(),
        labels,
        line.list("oci-worker-platform").orElse(platforms),
        text("oci-worker-snapshotter", "snapshotter", "auto"),
        toggle("oci-worker-rootless", "rootless", rootless),
        toggle("oci-worker-no-process-sandbox", "noProcessSandbox", false),
        text("oci-worker-binary", "binary", ""),
        table.text("defaultCgroupParent").orElse(""),
        text("oci-worker-apparmor-profile", "apparmor-profile", ""),
        toggle("oci-worker-selinux", "selinux", false),
        line.number("oci-max-parallelism").orElse(parallelism),
        network(),
        gc());
  }

  private boolean enabled() throws ConfigException {
    Optional<Boolean> configured = table.flag("enabled");
    Optional<String> given = line.text("oci-worker");
    if (given.isEmpty() || given.get().equals("auto")) {
      return given.isPresent() || configured.orElse(true);
    }
    try {
      return GoTexts.bool(given.get());
    } catch (IllegalArgumentException e) {
      throw new ConfigException("flag --oci-worker has an invalid value \"" + given.get() + "\"");
    }
  }

  private NetworkConfig network() throws ConfigException {
    int pool = table.number("cniPoolSize").orElse(0L).intValue();
    return new NetworkConfig(
        text("oci-worker-net", "networkMode", "auto"),
        Path.of(text("oci-cni-config-path", "cniConfigPath", CNI_CONFIG)),
        Path.of(text("oci-cni-binary-dir", "cniBinaryPath", CNI_BINARIES)),
        line.number("oci-cni-pool-size").orElse(pool),
        table.text("bridgeName").orElse(BRIDGE),
        table.text("bridgeSubnet").orElse(SUBNET));
  }

  private GcConfig gc() throws ConfigException {
    boolean enabled = toggle("oci-worker-gc", "gc", true);
    DiskSpace reserved = table.diskSpace("reservedSpace");
    DiskSpace used = table.diskSpace("maxUsedSpace");
    DiskSpace free = table.diskSpace("minFreeSpace");
    DiskSpace former = table.diskSpace("gckeepstorage");
    List<GcPolicy> policies = ConfigFile.gcPolicies(table);
    Optional<String> given = line.text("oci-worker-gc-keepstorage");
    if (given.isPresent()) {
      String[] parts = given.get().split(",", -1);
      return new GcConfig(
          enabled, megabytes(parts, 0), megabytes(parts, 2), megabytes(parts, 1), policies);
    }
    boolean onlyFormer = reserved.isUnset() && used.isUnset() && free.isUnset();
    return new GcConfig(enabled, onlyFormer ? former : reserved, used, free, policies);
  }

  /** One part of {@code Reserved[,Free[,Maximum]]}: a number of megabytes, or a percentage. */
  private static DiskSpace megabytes(String[] parts, int index) throws ConfigException {
    if (index >= parts.length || parts[index].isBlank()) {
      return DiskSpace.NONE;
    }
    String text = parts[index].strip();
    try {
      return text.endsWith("%")
          ? DiskSpace.parse(text)
          : DiskSpace.ofBytes(Long.parseLong(text) * 1_000_000);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          "flag --oci-worker-gc-keepstorage has an invalid value \"" + text + "\"");
    }
  }

  private String text(String flag, String key, String otherwise) throws ConfigException {
    String configured = table.text(key).filter(value -> !value.isEmpty()).orElse(otherwise);
    return line.text(flag).orElse(configured);
  }

  private boolean toggle(String flag, String key, boolean otherwise) throws ConfigException {
    boolean configured = table.flag(key).orElse(otherwise);
    return line.flag(flag).orElse(configured);
  }
}
