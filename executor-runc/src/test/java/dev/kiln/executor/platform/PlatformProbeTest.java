package dev.kiln.executor.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kiln.executor.process.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlatformProbeTest {
  @TempDir Path temp;

  static List<ProbeProgram> programs() {
    return ProbeProgram.ALL;
  }

  /** Runs each program under QEMU itself, whatever the kernel knows. */
  @ParameterizedTest
  @MethodSource("programs")
  void programsEndAsTheyShould(ProbeProgram program) throws Exception {
    String name =
        switch (program.architecture()) {
          case "amd64" -> "x86_64";
          case "arm64" -> "aarch64";
          case "386" -> "i386";
          case "mips64le" -> "mips64el";
          case "loong64" -> "loongarch64";
          case String same -> same;
        };
    Path qemu = Path.of("/usr/bin/qemu-" + name + "-static");
    assumeTrue(Files.exists(qemu), qemu + " is not installed");
    Path file = temp.resolve("check");
    Files.write(file, program.file());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    ChildProcess child =
        ChildProcess.start(
            qemu.toString(),
            List.of("qemu", file.toString()),
            List.of(),
            new ChildProcess.Standard(null, null, null));
    int expected = program.architecture().equals("amd64") ? 66 : 0;
    assertThat(child.exit().get(20, TimeUnit.SECONDS)).isEqualTo(expected);
  }

  @Test
  void ownPlatformComesFirst() throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "chroot needs root");
    var probe = new PlatformProbe(temp, Duration.ZERO, Clock.systemUTC());
    List<Platform> platforms = probe.platforms(true);
    assertThat(platforms).first().isEqualTo(PlatformProbe.nativePlatform());
    assertThat(platforms).doesNotHaveDuplicates();
    assertThat(temp).isEmptyDirectory();
    assertThat(probe.platforms(false)).isSameAs(platforms);
  }

  @Test
  void levelsFollowTheFlags() {
    String v2 = "flags\t\t: fpu cx16 lahf_lm popcnt pni sse4_1 sse4_2 ssse3";
    String v3 = v2 + " avx avx2 bmi1 bmi2 f16c fma abm movbe xsave";
    assertThat(Amd64Levels.of(List.of("flags : fpu"))).isEmpty();
    assertThat(Amd64Levels.of(List.of("x", v2))).containsExactly("v2");
    assertThat(Amd64Levels.of(List.of(v3))).containsExactly("v2", "v3");
    assertThat(Amd64Levels.of(List.of(v3 + " avx512f"))).containsExactly("v2", "v3");
  }

  @Test
  void emulatorsAreFoundForWhatTheKernelLacks() throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "chroot needs root");
    assumeTrue(PlatformProbe.nativePlatform().architecture().equals("amd64"), "needs amd64");
    var probe = new PlatformProbe(temp, Duration.ZERO, Clock.systemUTC());
    Path bin = Files.createDirectory(temp.resolve("bin"));
    Path program = Files.createFile(bin.resolve("buildkit-qemu-sparc64"));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    var lookup = new EmulatorLookup(probe, List.of(bin));
    assertThat(lookup.find(Platform.linux("amd64"))).isEmpty();
    assertThat(lookup.find(Platform.linux("sparc64"))).contains(new Emulator(program));
    assertThat(lookup.find(Platform.linux("m68k"))).isEmpty();
    assertThatThrownBy(() -> lookup.find(Platform.linux("amd64", "v9")))
        .hasMessageStartingWith(
            "no support for running processes with linux/amd64/v9 platform, supported:"
                + " linux/amd64");
  }

  @Test
  void installerRegistersWhatIsMissing() throws IOException {
    Path kernel = Files.createDirectory(temp.resolve("kernel"));
    Path folder = Files.createDirectory(temp.resolve("binfmt.d"));
    Files.createFile(kernel.resolve("register"));
    Files.writeString(
        kernel.resolve("qemu-arm"),
        "enabled\ninterpreter /usr/bin/qemu-arm\nflags: POF\noffset 0\nmagic 7f\n");
    String known = ":qemu-arm:M::\\x7f:\\xff:/bin/sh:OPF";
    String fresh = ":qemu-aarch64:M::\\x7fELF:\\xff:/bin/sh:OPF";
    String broken = ":qemu-ppc:M::\\x7fELF:\\xff:/no/such:OPF";
    Files.writeString(folder.resolve("qemu-arm.conf"), known + "\n");
    Files.writeString(folder.resolve("qemu-aarch64.conf"), fresh + "\n");
    Files.writeString(folder.resolve("qemu-ppc.conf"), "# c\n" + broken);
    var installer = new BinfmtInstaller(kernel, List.of(folder, temp.resolve("absent")));
    assertThat(installer.install(name -> true))
        .containsExactlyInAnyOrder(
            new BinfmtInstaller.Outcome("qemu-arm", BinfmtInstaller.Result.ALREADY_THERE, ""),
            new BinfmtInstaller.Outcome(
                "qemu-aarch64", BinfmtInstaller.Result.INSTALLED, "/bin/sh"),
            new BinfmtInstaller.Outcome(
                "qemu-ppc", BinfmtInstaller.Result.INTERPRETER_MISSING, "/no/such does not exist"));
    assertThat(kernel.resolve("register")).hasContent(fresh);
    assertThat(installer.handlers())
        .containsExactly(new BinfmtHandler("qemu-arm", true, "/usr/bin/qemu-arm", "POF"));
    assertThat(installer.handlers().getFirst().worksInContainers()).isTrue();
  }
}
