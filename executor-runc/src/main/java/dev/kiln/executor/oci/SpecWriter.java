package dev.kiln.executor.oci;

import dev.kiln.executor.ContainerSpec;
import dev.kiln.executor.ProcessSpec;
import dev.kiln.executor.SecurityMode;
import dev.kiln.executor.Ulimit;
import dev.kiln.executor.network.NetworkNamespace.Attachment;
import dev.kiln.executor.oci.RuntimeSpec.Cpu;
import dev.kiln.executor.oci.RuntimeSpec.DeviceRule;
import dev.kiln.executor.oci.RuntimeSpec.Linux;
import dev.kiln.executor.oci.RuntimeSpec.Memory;
import dev.kiln.executor.oci.RuntimeSpec.MountEntry;
import dev.kiln.executor.oci.RuntimeSpec.Namespace;
import dev.kiln.executor.oci.RuntimeSpec.Resources;
import dev.kiln.executor.oci.RuntimeSpec.Rlimit;
import dev.kiln.executor.oci.RuntimeSpec.Root;
import dev.kiln.executor.oci.RuntimeSpec.Seccomp;
import dev.kiln.executor.oci.RuntimeSpec.User;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Makes the runtime specification of a container. Thread-safe. */
public final class SpecWriter {
  private static final String VERSION = "1.0.2";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static final List<String> MASKED =
      List.of(
          "/proc/acpi",
          "/proc/asound",
          "/proc/kcore",
          "/proc/keys",
          "/proc/latency_stats",
          "/proc/timer_list",
          "/proc/timer_stats",
          "/proc/sched_debug",
          "/proc/scsi",
          "/sys/firmware",
          "/sys/devices/virtual/powercap");
  private static final List<String> READ_ONLY =
      List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

  private final HostFacts host;
  private final Seccomp sandboxFilter;

  public SpecWriter(HostFacts host) {
    this.host = host;
    this.sandboxFilter = SeccompRules.resolve(host, Set.copyOf(Capabilities.SANDBOX));
  }

  /** The specification of a container and its first process. */
  public RuntimeSpec container(SpecInput input) {
    ContainerSpec container = input.container();
    return new RuntimeSpec(
        VERSION,
        firstProcess(input),
        new Root(input.rootfs().toString(), container.rootReadonly()),
        container.effectiveHostname(),
        mounts(input),
        edits(input).hooks(),
        linux(input));
  }

  /** The bytes of config.json, or of a process's own file for the runtime's exec. */
  public static byte[] json(Record spec) {
    return JSON.writeValueAsBytes(spec);
  }

  /** Reads back what {@link #json} wrote for a container. */
  public static RuntimeSpec parse(byte[] json) {
    return JSON.readValue(json, RuntimeSpec.class);
  }

  private RuntimeSpec.ProcessEntry firstProcess(SpecInput input) {
    ProcessSpec process = input.container().process();
    boolean insecure = insecure(input);
    String apparmor = input.settings().apparmorProfile();
    return new RuntimeSpec.ProcessEntry(
        input.terminal().present(),
        input.terminal().size(),
        edits(input).user(),
        process.args(),
        edits(input).environment(environment(input)),
        process.cwd().isEmpty() ? "/" : process.cwd(),
        capabilities(insecure),
        rlimits(input.container().ulimits()),
        false,
        insecure || apparmor.isEmpty() ? null : apparmor,
        input.settings().oomScoreAdj());
  }

  /**
   * A further process in a running container: as the first one, but for what is given.
   *
   * @param user null keeps the first process's
   */
  public static RuntimeSpec.ProcessEntry further(
      RuntimeSpec.ProcessEntry first,
      ProcessSpec process,
      @Nullable User user,
      SpecInput.Terminal terminal) {
    return new RuntimeSpec.ProcessEntry(
        terminal.present(),
        terminal.size(),
        user == null ? first.user() : user,
        process.args(),
        process.env().isEmpty() ? first.env() : process.env(),
        process.cwd().isEmpty() ? first.cwd() : process.cwd(),
        first.capabilities(),
        first.rlimits(),
        first.noNewPrivileges(),
        first.apparmorProfile(),
        first.oomScoreAdj());
  }

  private static List<String> environment(SpecInput input) {
    List<String> env = new ArrayList<>(input.container().process().env());
    if (input.container().tracingSocket() != null) {
      addMissing(env, "OTEL_TRACES_EXPORTER=otlp");
      addMissing(env, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=unix://" + StandardMounts.TRACING_SOCKET);
      addMissing(env, "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=grpc");
    }
    return env;
  }

  private static void addMissing(List<String> env, String variable) {
    String prefix = variable.substring(0, variable.indexOf('=') + 1);
    if (env.stream().noneMatch(existing -> existing.startsWith(prefix))) {
      env.add(variable);
    }
  }

  private RuntimeSpec.Capabilities capabilities(boolean insecure) {
    if (insecure) {
      List<String> all = host.capabilities();
      return new RuntimeSpec.Capabilities(all, all, all, all, all);
    }
    List<String> some = Capabilities.SANDBOX;
    return new RuntimeSpec.Capabilities(some, some, some, List.of(), List.of());
  }

  private static List<Rlimit> rlimits(List<Ulimit> ulimits) {
    return ulimits.stream()
        .map(
            limit ->
                new Rlimit(
                    "RLIMIT_" + limit.name().toUpperCase(Locale.ROOT),
                    unsigned(limit.soft()),
                    unsigned(limit.hard())))
        .toList();
  }

  private static BigInteger unsigned(long value) {
    return new BigInteger(Long.toUnsignedString(value));
  }

  private static List<MountEntry> mounts(SpecInput input) {
    List<MountEntry> mounts = edits(input).mounts(StandardMounts.of(input, insecure(input)));
    input.opMounts().stream()
        .sorted(Comparator.comparing(MountEntry::destination))
        .forEach(mounts::add);
    Path socket = input.container().tracingSocket();
    if (socket != null) {
      mounts.add(
          StandardMounts.entry(
              StandardMounts.TRACING_SOCKET, "bind", socket.toString(), "ro", "rbind"));
    }
    return StandardMounts.lastWins(mounts);
  }

  private Linux linux(SpecInput input) {
    boolean insecure = insecure(input);
    return new Linux(
        resources(input, insecure),
        input.cgroupPath(),
        namespaces(input),
        edits(input).devices(insecure ? InsecureDevices.list(Path.of("/sys/block")) : List.of()),
        insecure || !host.seccomp() ? null : sandboxFilter,
        insecure ? List.of() : visible(MASKED, input),
        insecure ? List.of() : visible(READ_ONLY, input),
        edits(input).intelRdt(),
        edits(input).netDevices());
  }

  /** Without a process sandbox /proc is the host's own, which must not be covered up. */
  private static List<String> visible(List<String> paths, SpecInput input) {
    return input.settings().processSandbox()
        ? paths
        : paths.stream().filter(path -> !path.startsWith("/proc")).toList();
  }

  private List<Namespace> namespaces(SpecInput input) {
    List<Namespace> namespaces = new ArrayList<>();
    if (input.settings().processSandbox()) {
      namespaces.add(new Namespace("pid", null));
    }
    namespaces.add(new Namespace("ipc", null));
    namespaces.add(new Namespace("uts", null));
    namespaces.add(new Namespace("mount", null));
    switch (input.network()) {
      case Attachment.Host none -> {}
      case Attachment.Fresh fresh -> namespaces.add(new Namespace("network", null));
      case Attachment.Existing there -> namespaces.add(new Namespace("network", there.path()));
    }
    if (host.cgroupNamespace()) {
      namespaces.add(new Namespace("cgroup", null));
    }
    return namespaces;
  }

  private static Resources resources(SpecInput input, boolean insecure) {
    dev.kiln.executor.Resources wanted = input.container().resources();
    List<DeviceRule> devices =
        insecure
            ? List.of(
                new DeviceRule(true, "c", null, null, "rwm"),
                new DeviceRule(true, "b", null, null, "rwm"))
            : List.of(new DeviceRule(false, null, null, null, "rwm"));
    Memory memory = new Memory(orNull(wanted.memoryBytes()), orNull(wanted.memorySwapBytes()));
    Cpu cpu =
        new Cpu(
            orNull(wanted.cpuShares()),
            orNull(wanted.cpuQuotaMicros()),
            orNull(wanted.cpuPeriodMicros()),
            orNull(wanted.cpusetCpus()),
            orNull(wanted.cpusetMems()));
    return new Resources(
        edits(input).rules(devices),
        memory.equals(new Memory(null, null)) ? null : memory,
        cpu.equals(new Cpu(null, null, null, null, null)) ? null : cpu);
  }

  private static @Nullable Long orNull(long value) {
    return value == 0 ? null : Long.valueOf(value);
  }

  private static @Nullable String orNull(String value) {
    return value.isEmpty() ? null : value;
  }

  private static DeviceEdits edits(SpecInput input) {
    return new DeviceEdits(input.edits(), input.user());
  }

  private static boolean insecure(SpecInput input) {
    return input.container().security() == SecurityMode.INSECURE;
  }
}
