package dev.kiln.executor.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.executor.ContainerSpec;
import dev.kiln.executor.MountSource;
import dev.kiln.executor.ProcessSpec;
import dev.kiln.executor.Resources;
import dev.kiln.executor.SecurityMode;
import dev.kiln.executor.Stdio;
import dev.kiln.executor.Ulimit;
import dev.kiln.executor.cdi.ContainerEdits;
import dev.kiln.executor.cdi.ContainerEdits.DeviceNode;
import dev.kiln.executor.network.NetworkNamespace.Attachment;
import dev.kiln.executor.oci.RuntimeSpec.MountEntry;
import dev.kiln.executor.oci.RuntimeSpec.Syscalls;
import dev.kiln.executor.oci.RuntimeSpec.User;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Compares whole specifications with the golden files in this package's test resources. Set the
 * system property {@code golden.write} to a folder to write them anew.
 */
class SpecWriterTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final HostFacts HOST =
      new HostFacts(
          "amd64", 6, 1, true, true, false, List.of("CAP_CHOWN", "CAP_SYS_ADMIN", "CAP_BPF"));
  private static final MountSource NO_SOURCE = MountSource.of(List.of());

  private static SpecInput sandbox() {
    return input(
        ContainerSpec.builder("abc", NO_SOURCE, ProcessSpec.of("sh", "-c", "true")).build(),
        List.of(),
        new Attachment.Host(),
        Stdio.discard(),
        SpecInput.Settings.DEFAULT);
  }

  private static SpecInput everything() {
    var process =
        new ProcessSpec(
            List.of("make"), List.of("A=b", "OTEL_TRACES_EXPORTER=none"), "/src", "web", Set.of());
    var spec =
        ContainerSpec.builder("abc", NO_SOURCE, process)
            .rootReadonly(true)
            .hostname("builder")
            .ulimits(List.of(new Ulimit("nofile", 1024, -1)))
            .resources(new Resources(1 << 20, 2 << 20, 512, 100_000, 50_000, "0-1", "0"))
            .tracingSocket(Path.of("/run/otel.sock"))
            .build();
    var mounts =
        List.of(
            new MountEntry("/src", "bind", "/cache/2", List.of("rbind", "ro")),
            new MountEntry("/dev/shm", "tmpfs", "tmpfs", List.of("nosuid", "size=1024")),
            new MountEntry("/a", "bind", "/cache/1", List.of("rbind", "rw")));
    return input(
        spec,
        mounts,
        new Attachment.Existing("/run/netns/x"),
        new Stdio.Terminal(null, OutputStream.nullOutputStream(), 80, 24),
        new SpecInput.Settings(false, "kiln-default", 500));
  }

  private static SpecInput insecure() {
    return input(
        ContainerSpec.builder("abc", NO_SOURCE, ProcessSpec.of("id"))
            .security(SecurityMode.INSECURE)
            .build(),
        List.of(),
        new Attachment.Fresh(),
        Stdio.discard(),
        SpecInput.Settings.DEFAULT);
  }

  private static SpecInput devices() {
    var process = new ProcessSpec(List.of("id"), List.of("A=b", "GPU=none"), "/", "", Set.of());
    SpecInput plain =
        input(
            ContainerSpec.builder("abc", NO_SOURCE, process).build(),
            List.of(new MountEntry("/src", "bind", "/cache/1", List.of("rbind", "rw"))),
            new Attachment.Host(),
            Stdio.discard(),
            SpecInput.Settings.DEFAULT);
    return new SpecInput(
        plain.container(),
        plain.rootfs(),
        plain.user(),
        plain.opMounts(),
        plain.resolvConf(),
        plain.hosts(),
        plain.cgroupPath(),
        plain.network(),
        plain.terminal(),
        edits(),
        plain.settings());
  }

  private static ContainerEdits edits() {
    return new ContainerEdits(
        List.of("GPU=0", "NEW=1"),
        List.of(
            new DeviceNode("/dev/gpu0", "/dev/host0", "c", 195, 0, 0660, "rw", null, 44),
            new DeviceNode("/dev/disk", "", "b", 8, 1, null, "", 7, null),
            new DeviceNode("/dev/queue", "", "p", 0, 0, null, "", null, null)),
        List.of(new ContainerEdits.NetDevice("eth7", "fast0")),
        List.of(
            new ContainerEdits.Hook("prestart", "/bin/a", List.of("a", "b"), List.of(), null),
            new ContainerEdits.Hook("createContainer", "/bin/c", List.of(), List.of("X=y"), 5)),
        List.of(
            new ContainerEdits.HostMount("/opt/gpu/lib", "/usr/lib/gpu", List.of("bind"), ""),
            new ContainerEdits.HostMount("/opt/hosts", "/etc/hosts", List.of("ro"), "bind"),
            new ContainerEdits.HostMount("/opt/bin", "/gpu", List.of("ro", "rbind"), "")),
        new ContainerEdits.IntelRdt("class", "L3:0=f", "", null, true),
        List.of(0, 1002, 44));
  }

  private static SpecInput input(
      ContainerSpec spec,
      List<MountEntry> mounts,
      Attachment network,
      Stdio io,
      SpecInput.Settings settings) {
    return new SpecInput(
        spec,
        Path.of("/bundles/abc/rootfs"),
        new User(1000, 1001, List.of(1001, 1002)),
        mounts,
        Path.of("/state/resolv.conf"),
        Path.of("/state/hosts"),
        "/buildkit/abc",
        network,
        SpecInput.Terminal.of(io),
        ContainerEdits.NONE,
        settings);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sandbox", "everything", "insecure", "devices"})
  void specificationIsAsTheGoldenFileSays(String name) throws IOException {
    SpecInput input =
        switch (name) {
          case "sandbox" -> sandbox();
          case "everything" -> everything();
          case "devices" -> devices();
          default -> insecure();
        };
    RuntimeSpec spec = withoutMachine(new SpecWriter(HOST).container(input));
    String json =
        JSON.writerWithDefaultPrettyPrinter()
                .writeValueAsString(JSON.readTree(SpecWriter.json(spec)))
            + "\n";
    String folder = System.getProperty("golden.write");
    if (folder != null) {
      Files.writeString(Path.of(folder, name + ".json"), json);
    }
    assertThat(json).isEqualTo(golden(name));
  }

  /** The filter has a test of its own, and free loop devices differ from machine to machine. */
  private static RuntimeSpec withoutMachine(RuntimeSpec spec) {
    RuntimeSpec.Linux linux = spec.linux();
    return new RuntimeSpec(
        spec.ociVersion(),
        spec.process(),
        spec.root(),
        spec.hostname(),
        spec.mounts(),
        spec.hooks(),
        new RuntimeSpec.Linux(
            linux.resources(),
            linux.cgroupsPath(),
            linux.namespaces(),
            linux.devices().stream().filter(d -> !d.path().startsWith("/dev/loop")).toList(),
            null,
            linux.maskedPaths(),
            linux.readonlyPaths(),
            linux.intelRdt(),
            linux.netDevices()));
  }

  private static String golden(String name) throws IOException {
    try (InputStream in = SpecWriterTest.class.getResourceAsStream(name + ".json")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void specificationReadsBackAsItWasWritten() {
    RuntimeSpec spec = new SpecWriter(HOST).container(everything());
    JsonNode once = JSON.readTree(SpecWriter.json(spec));
    assertThat(JSON.readTree(SpecWriter.json(SpecWriter.parse(SpecWriter.json(spec)))))
        .isEqualTo(once);
  }

  @Test
  void filterDependsOnMachineAndCapabilities() {
    var sandboxed = SeccompRules.resolve(HOST, Set.copyOf(Capabilities.SANDBOX));
    assertThat(sandboxed.architectures()).containsExactly("SCMP_ARCH_X86_64", "SCMP_ARCH_X86");
    assertThat(allowed(sandboxed)).contains("read", "chroot", "arch_prctl", "ptrace");
    assertThat(allowed(sandboxed))
        .doesNotContain("mount", "bpf", "riscv_flush_icache", "kexec_load", "keyctl");
    assertThat(sandboxed.syscalls())
        .contains(new Syscalls(List.of("clone3"), "SCMP_ACT_ERRNO", 38, List.of()));
    var privileged = SeccompRules.resolve(HOST, Set.of("CAP_SYS_ADMIN"));
    assertThat(allowed(privileged)).contains("mount", "clone3").doesNotContain("chroot");
    var old = new HostFacts("s390x", 4, 7, true, false, false, List.of());
    assertThat(allowed(SeccompRules.resolve(old, Set.of())))
        .contains("s390_runtime_instr")
        .doesNotContain("ptrace", "arch_prctl");
  }

  private static List<String> allowed(RuntimeSpec.Seccomp filter) {
    return filter.syscalls().stream()
        .filter(s -> s.action().equals("SCMP_ACT_ALLOW") && s.args().isEmpty())
        .flatMap(s -> s.names().stream())
        .toList();
  }
}
