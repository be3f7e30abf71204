package dev.kiln.executor.runc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.executor.Cancellation;
import dev.kiln.executor.CancellationSource;
import dev.kiln.executor.CancelledException;
import dev.kiln.executor.ContainerListener;
import dev.kiln.executor.ContainerSpec;
import dev.kiln.executor.ExecutorException;
import dev.kiln.executor.ExitException;
import dev.kiln.executor.HostAddress;
import dev.kiln.executor.MountSource;
import dev.kiln.executor.NetworkMode;
import dev.kiln.executor.OpMount;
import dev.kiln.executor.ProcessSpec;
import dev.kiln.executor.Resources;
import dev.kiln.executor.RunningProcess;
import dev.kiln.executor.SecurityMode;
import dev.kiln.executor.SetupException;
import dev.kiln.executor.Stdio;
import dev.kiln.executor.Ulimit;
import dev.kiln.snapshotter.snapshot.Mount;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RuncExecutorTest {
  @TempDir Path temp;
  private Path rootfs;
  private RuncExecutor executor;
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private final ByteArrayOutputStream error = new ByteArrayOutputStream();

  @BeforeEach
  void open() throws IOException {
    Path runc = TestingRootfs.requireRunc();
    rootfs = TestingRootfs.make(temp.resolve("image"));
    executor = new RuncExecutor(ExecutorOptions.of(temp.resolve("executor"), runc));
  }

  @AfterEach
  void close() throws IOException {
    if (executor == null) {
      return;
    }
    executor.close();
    assertThat(names(temp.resolve("executor/bundles"))).isEmpty();
    assertThat(names(temp.resolve("executor/runtime"))).isEmpty();
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(temp.toString());
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.map(p -> p.getFileName().toString()).sorted().toList();
    }
  }

  private static String newId() {
    return "test" + Long.toHexString(System.nanoTime());
  }

  private ContainerSpec.Builder container(ProcessSpec process) {
    return ContainerSpec.builder(newId(), TestingRootfs.bind(rootfs), process);
  }

  private static ProcessSpec shell(String script) {
    return ProcessSpec.of("sh", "-c", script);
  }

  private String run(ContainerSpec spec) throws ExecutorException {
    executor.run(
        spec, new Stdio.Streams(null, output, error), ContainerListener.NONE, Cancellation.NONE);
    return output.toString(StandardCharsets.UTF_8);
  }

  private String shellOutput(String script) throws ExecutorException {
    return run(container(shell(script)).build());
  }

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
  void cancellationKillsAndLeavesNothing() throws Exception {
    var cancellation = new CancellationSource();
    var ready = new CountDownLatch(1);
    OutputStream watch = onFirstByte(ready);
    var spec = container(shell("echo up; sleep 1000")).build();
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                executor.run(spec, new Stdio.Streams(null, watch, error), p -> {}, cancellation);
                failure.complete(null);
              } catch (Throwable t) {
                failure.complete(t);
              }
            });
    assertThat(ready.await(30, TimeUnit.SECONDS)).isTrue();
    cancellation.cancel(new IOException("nobody waits"));
    assertThat(failure.get(30, TimeUnit.SECONDS))
        .isInstanceOf(CancelledException.class)
        .hasRootCauseMessage("nobody waits");
    assertThat(Cgroups.find().exists("/buildkit/" + spec.id())).isFalse();
    assertThat(names(temp.resolve("executor/runtime"))).isEmpty();
  }

  @Test
  void containersOfACrashedDaemonAreRemoved() throws Exception {
    var ready = new CountDownLatch(1);
    var spec = container(shell("echo up; sleep 1000")).build();
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                executor.run(
                    spec,
                    new Stdio.Streams(null, onFirstByte(ready), error),
                    p -> {},
                    Cancellation.NONE);
                failure.complete(null);
              } catch (Throwable t) {
                failure.complete(t);
              }
            });
    assertThat(ready.await(30, TimeUnit.SECONDS)).isTrue();
    try (var next =
        new RuncExecutor(
            ExecutorOptions.of(temp.resolve("executor"), TestingRootfs.requireRunc()))) {
      next.cleanUpLeftovers();
      assertThat(names(temp.resolve("executor/runtime"))).isEmpty();
      assertThat(names(temp.resolve("executor/bundles"))).isEmpty();
      assertThat(Cgroups.find().exists("/buildkit/" + spec.id())).isFalse();
    }
    assertThat(failure.get(30, TimeUnit.SECONDS)).hasMessage("exit code: 137");
  }

  @Test
  void recordThatAPowerCutLeftInPartIsRemoved() throws Exception {
    Path record = Files.createDirectory(temp.resolve("executor/runtime/cut"));
    Files.createFile(record.resolve("state.json"));
    Files.createFile(record.resolve("exec.fifo"));
    executor.cleanUpLeftovers();
    assertThat(names(temp.resolve("executor/runtime"))).isEmpty();
  }

  @Test
  void signalsReachTheProcess() throws Exception {
    CompletableFuture<RunningProcess> process = new CompletableFuture<>();
    OutputStream onReady =
        new OutputStream() {
          @Override
          public void write(int b) {
            process.join().signal(15);
          }
        };
    ProcessSpec waiting = shell("trap 'exit 9' TERM; echo up; while true; do sleep 0.05; done");
    assertThatThrownBy(
            () ->
                executor.run(
                    container(waiting).build(),
                    new Stdio.Streams(null, onReady, error),
                    process::complete,
                    Cancellation.NONE))
        .hasMessage("exit code: 9");
    assertThatThrownBy(
            () ->
                executor.run(
                    container(shell("sleep 1000")).build(),
                    Stdio.discard(),
                    started -> started.signal(9),
                    Cancellation.NONE))
        .hasMessage("exit code: 137");
  }

  @Test
  void manyContainersRunAtOnce() throws Exception {
    int count = 16;
    // They share one root here, so none may remove what another is mounting on.
    Files.createFile(rootfs.resolve("etc/hosts"));
    Files.createFile(rootfs.resolve("etc/resolv.conf"));
    List<CompletableFuture<String>> outputs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      var done = new CompletableFuture<String>();
      outputs.add(done);
      var spec = container(ProcessSpec.of("echo", "number " + i)).build();
      Thread.ofVirtual()
          .start(
              () -> {
                var own = new ByteArrayOutputStream();
                try {
                  executor.run(spec, new Stdio.Streams(null, own, own), p -> {}, Cancellation.NONE);
                } catch (ExecutorException e) {
                  own.writeBytes(e.toString().getBytes(StandardCharsets.UTF_8));
                } finally {
                  done.complete(own.toString(StandardCharsets.UTF_8));
                }
              });
    }
    for (int i = 0; i < count; i++) {
      assertThat(outputs.get(i).get(40, TimeUnit.SECONDS)).isEqualTo("number " + i + "\n");
    }
  }

  private static OutputStream onFirstByte(CountDownLatch latch) {
    return new OutputStream() {
      @Override
      public void write(int b) {
        latch.countDown();
      }
    };
  }

  @Test
  void terminalHasItsSizeAndTakesInput() throws Exception {
    executor.run(
        container(shell("stty size; read x; echo got:$x; test -t 1 && test -t 2 && echo tty"))
            .build(),
        new Stdio.Terminal(
            new ByteArrayInputStream("hello\n".getBytes(StandardCharsets.UTF_8)), output, 91, 33),
        ContainerListener.NONE,
        Cancellation.NONE);
    assertThat(output.toString(StandardCharsets.UTF_8))
        .contains("33 91\r\n")
        .contains("got:hello\r\n")
        .endsWith("tty\r\n");
  }

  @Test
  void furtherProcessesJoinTheContainer() throws Exception {
    var stop = new CancellationSource();
    var ready = new CountDownLatch(1);
    var spec = container(shell("echo up; sleep 1000")).hostname("joined").build();
    Thread first =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    executor.run(
                        spec, new Stdio.Streams(null, onFirstByte(ready), error), p -> {}, stop);
                  } catch (ExecutorException e) {
                    // cancelled below
                  }
                });
    assertThat(ready.await(30, TimeUnit.SECONDS)).isTrue();
    executor.exec(
        spec.id(),
        ProcessSpec.of("sh", "-c", "hostname; id -u").withUser("web"),
        new Stdio.Streams(null, output, error),
        ContainerListener.NONE,
        Cancellation.NONE);
    assertThat(output.toString(StandardCharsets.UTF_8)).isEqualTo("joined\n1000\n");
    var stopOne = new CancellationSource();
    assertThatThrownBy(
            () ->
                executor.exec(
                    spec.id(),
                    ProcessSpec.of("sh", "-c", "echo x; sleep 1000"),
                    new Stdio.Streams(null, onFirstByte(cancelling(stopOne)), error),
                    ContainerListener.NONE,
                    stopOne))
        .isInstanceOf(CancelledException.class);
    assertThat(first.isAlive()).isTrue();
    stop.cancel(null);
    first.join();
    assertThatThrownBy(
            () ->
                executor.exec(
                    spec.id(),
                    ProcessSpec.of("true"),
                    Stdio.discard(),
                    ContainerListener.NONE,
                    Cancellation.NONE))
        .hasMessage("container " + spec.id() + " not found");
  }

  private static CountDownLatch cancelling(CancellationSource source) {
    return new CountDownLatch(1) {
      @Override
      public void countDown() {
        source.cancel(null);
      }
    };
  }

  @Test
  void unknownProgramIsToldInTheOutput() {
    assertThatThrownBy(() -> run(container(ProcessSpec.of("nonsense")).build()))
        .isInstanceOf(ExitException.class);
    assertThat(error.toString(StandardCharsets.UTF_8))
        .contains("executable file not found in $PATH");
  }
}
