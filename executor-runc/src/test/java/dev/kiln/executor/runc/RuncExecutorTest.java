package dev.kiln.executor.runc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.executor.Cancellation;
import dev.kiln.executor.ContainerListener;
import dev.kiln.executor.ContainerSpec;
import dev.kiln.executor.ExitException;
import dev.kiln.executor.HostAddress;
import dev.kiln.executor.MountSource;
import dev.kiln.executor.NetworkMode;
import dev.kiln.executor.OpMount;
import dev.kiln.executor.ProcessSpec;
import dev.kiln.executor.Resources;
import dev.kiln.executor.SecurityMode;
import dev.kiln.executor.SetupException;
import dev.kiln.executor.Stdio;
import dev.kiln.executor.Ulimit;
import dev.kiln.snapshotter.snapshot.Mount;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a container is given, and what its process comes to. */
class RuncExecutorTest extends RuncFixture {
  @Test
  void environmentOfTheRuntimeIsNotThatOfTheProcess() throws Exception {
    assertThat(shellOutput("cat /proc/1/environ"))
        .doesNotContain("GOMAXPROCS")
        .doesNotContain("GOGC");
  }

  @Test
  void outputsAreSeparateAndTheExitCodeCounts() throws Exception {
    assertThatThrownBy(() -> shellOutput("echo out; echo err >&2; exit 7"))
        .isInstanceOf(ExitException.class)
        .hasMessage("exit code: 7");
    assertThat(output.toString(StandardCharsets.UTF_8)).isEqualTo("out\n");
    assertThat(error.toString(StandardCharsets.UTF_8)).isEqualTo("err\n");
  }

  @Test
  void validExitCodesReplaceZero() throws Exception {
    ContainerSpec spec = container(shell("exit 3").withValidExitCodes(Set.of(3, 4))).build();
    int code = executor.run(spec, Stdio.discard(), ContainerListener.NONE, Cancellation.NONE);
    assertThat(code).isEqualTo(3);
    assertThatThrownBy(() -> run(container(shell("true").withValidExitCodes(Set.of(3))).build()))
        .hasMessage("exit code: 0");
  }

  @Test
  void signalledProcessHasCode128AndMore() {
    assertThatThrownBy(() -> shellOutput("sh -c 'kill -9 $$'; exit $?"))
        .hasMessage("exit code: 137");
  }

  @Test
  void inputIsForwardedAndEndsWithItsSource() throws Exception {
    byte[] big = "0123456789abcdef\n".repeat(20_000).getBytes(StandardCharsets.UTF_8);
    executor.run(
        container(ProcessSpec.of("cat")).build(),
        new Stdio.Streams(new ByteArrayInputStream(big), output, error),
        ContainerListener.NONE,
        Cancellation.NONE);
    assertThat(output.toByteArray()).isEqualTo(big);
  }

  @Test
  void withoutInputTheProcessReadsNothing() throws Exception {
    assertThat(shellOutput("cat; echo end")).isEqualTo("end\n");
  }

  @Test
  void usersAreLookedUpInTheImage() throws Exception {
    assertThat(run(container(ProcessSpec.of("id").withUser("web")).build()))
        .isEqualTo("uid=1000(web) gid=1001(webs) groups=1001(webs),1002(logs),1003(extra)\n");
    assertThatThrownBy(() -> run(container(ProcessSpec.of("id").withUser("nobody")).build()))
        .isInstanceOf(SetupException.class)
        .hasMessage("unable to find user nobody: no matching entries in passwd file");
  }

  @Test
  void missingWorkingDirectoryBelongsToTheUser() throws Exception {
    ProcessSpec process =
        ProcessSpec.of("stat", "-c", "%u:%g %a %n", ".").withCwd("/a/b").withUser("web");
    assertThat(run(container(process).build())).isEqualTo("1000:1001 755 .\n");
    assertThat(Files.getAttribute(rootfs.resolve("a"), "unix:uid")).isEqualTo(1000);
  }

  @Test
  void stubsOfMountsAreRemovedAndParentsKeepTheirTimes() throws Exception {
    Path data = Files.createDirectory(temp.resolve("data"));
    Files.writeString(data.resolve("f"), "x");
    FileTime old = FileTime.fromMillis(1_000_000_000_000L);
    Files.createDirectory(rootfs.resolve("mnt"));
    var source = MountSource.of(List.of(Mount.bind(data.toString(), false)));
    var mounts =
        List.of(
            new OpMount("/mnt/here", source, false, ""),
            new OpMount("/deep/er/there", source, true, ""),
            new OpMount("/mnt/file", source, true, "f"));
    String seen =
        run(
            container(
                    shell(
                        "cat /mnt/here/f /deep/er/there/f /mnt/file; echo y > /mnt/here/g;"
                            + " echo z > /deep/er/there/h || echo refused;"
                            + " touch -d '2001-09-09 01:46:40' /mnt"))
                .mounts(mounts)
                .removeMountStubsRecursive(true)
                .build());
    assertThat(seen).isEqualTo("xxxrefused\n");
    assertThat(names(data)).containsExactly("f", "g");
    assertThat(rootfs.resolve("mnt")).isEmptyDirectory();
    assertThat(Files.getLastModifiedTime(rootfs.resolve("mnt"))).isEqualTo(old);
    assertThat(rootfs.resolve("deep")).doesNotExist();
    assertThat(names(rootfs.resolve("etc"))).containsExactly("group", "passwd");
  }

  @Test
  void selectorsDoNotLeaveTheirSource() throws Exception {
    Path data = Files.createDirectories(temp.resolve("data"));
    Files.writeString(temp.resolve("secret"), "secret");
    Files.createSymbolicLink(data.resolve("out"), Path.of("../secret"));
    var source = MountSource.of(List.of(Mount.bind(data.toString(), false)));
    var spec =
        container(ProcessSpec.of("cat", "/m"))
            .mounts(List.of(new OpMount("/m", source, true, "out")))
            .build();
    assertThatThrownBy(() -> run(spec)).isInstanceOf(SetupException.class);
  }

  @Test
  void hostnameHostsAndDevicesAreAsDescribed() throws Exception {
    String seen =
        run(
            container(shell("hostname; tail -n 1 /etc/hosts; ls /dev/null; cat /proc/1/comm; true"))
                .hostname("builder")
                .extraHosts(List.of(new HostAddress("db", "10.0.0.9")))
                .build());
    assertThat(seen).isEqualTo("builder\n10.0.0.9\tdb\n/dev/null\nsh\n");
  }

  @Test
  void noNetworkMeansLoopbackOnly() throws Exception {
    String seen =
        run(
            container(shell("ip -o link | grep -c .; ip -o addr show lo | grep -c 127.0.0.1"))
                .network(NetworkMode.NONE)
                .build());
    assertThat(seen).isEqualTo("1\n1\n");
  }

  @Test
  void insecureContainersMayMountAndSandboxedOnesMayNot() throws Exception {
    String script = "mount -t tmpfs x /mnt && echo mounted || echo refused";
    Files.createDirectory(rootfs.resolve("mnt"));
    assertThat(shellOutput(script)).isEqualTo("refused\n");
    output.reset();
    assertThat(run(container(shell(script)).security(SecurityMode.INSECURE).build()))
        .isEqualTo("mounted\n");
  }

  @Test
  void memoryThatRunsOutIsToldApart() throws Exception {
    var limits = new Resources(32 << 20, 32 << 20, 0, 0, 0, "", "");
    var spec = container(shell("x=a; while true; do x=$x$x; done")).resources(limits).build();
    assertThatThrownBy(() -> run(spec))
        .isInstanceOfSatisfying(ExitException.class, e -> assertThat(e.outOfMemory()).isTrue())
        .hasMessage("cannot allocate memory");
  }

  @Test
  void ulimitsApply() throws Exception {
    var spec = container(shell("ulimit -n")).ulimits(List.of(new Ulimit("nofile", 64, 64))).build();
    assertThat(run(spec)).isEqualTo("64\n");
  }

  @Test
  void unknownProgramIsToldInTheOutput() {
    assertThatThrownBy(() -> run(container(ProcessSpec.of("nonsense")).build()))
        .isInstanceOf(ExitException.class);
    assertThat(error.toString(StandardCharsets.UTF_8))
        .contains("executable file not found in $PATH");
  }
}
