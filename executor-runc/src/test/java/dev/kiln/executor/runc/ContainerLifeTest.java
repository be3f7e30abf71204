package dev.kiln.executor.runc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.executor.Cancellation;
import dev.kiln.executor.CancellationSource;
import dev.kiln.executor.CancelledException;
import dev.kiln.executor.ExecutorException;
import dev.kiln.executor.ProcessSpec;
import dev.kiln.executor.RunningProcess;
import dev.kiln.executor.Stdio;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How containers end: by themselves, by others, with the daemon. */
class ContainerLifeTest extends RuncFixture {
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
    assertThat(new Cgroups(CgroupMount.all()).exists("/buildkit/" + spec.id())).isFalse();
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
      assertThat(new Cgroups(CgroupMount.all()).exists("/buildkit/" + spec.id())).isFalse();
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
}
