package dev.kiln.executor.runc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.executor.Cancellation;
import dev.kiln.executor.CancellationSource;
import dev.kiln.executor.CancelledException;
import dev.kiln.executor.ContainerListener;
import dev.kiln.executor.ProcessSpec;
import dev.kiln.executor.Stdio;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Calls of runc that are made before there is anything to run. */
class StandbysTest extends RuncFixture {
  private final List<Runnable> later = new ArrayList<>();

  private Standbys standbys(RuncCommand runtime) throws IOException {
    Path bundles = Files.createDirectories(temp.resolve("ahead"));
    return new Standbys(runtime, bundles, later::add);
  }

  private RuncCommand runtime() throws IOException {
    Path records = Files.createDirectories(temp.resolve("records"));
    return new RuncCommand(TestingRootfs.requireRunc(), records);
  }

  /** Waits until one is ready. */
  private static Standby awaitReady(Standbys standbys) {
    standbys.prepare();
    Optional<Standby> ready = standbys.take();
    while (ready.isEmpty()) {
      Thread.onSpinWait();
      ready = standbys.take();
    }
    return ready.get();
  }

  @Test
  void stepsThatFollowEachOtherRunAndNothingIsLeft() throws Exception {
    for (int i = 0; i < 5; i++) {
      assertThat(shellOutput("echo run " + i)).endsWith("run " + i + "\n");
    }
    executor.close();
    assertThat(names(temp.resolve("executor/bundles"))).isEmpty();
  }

  @Test
  void furtherProcessesAndCancellationKnowTheContainerByTheCallersName() throws Exception {
    run(container(shell("true")).build());
    awaitStandby();
    var stop = new CancellationSource();
    var spec = container(shell("echo up; sleep 1000")).build();
    assertThatThrownBy(
            () ->
                executor.run(
                    spec,
                    new Stdio.Streams(null, output, error),
                    process -> {
                      try {
                        executor.exec(
                            spec.id(),
                            ProcessSpec.of("sh", "-c", "echo further"),
                            new Stdio.Streams(null, output, error),
                            ContainerListener.NONE,
                            Cancellation.NONE);
                      } catch (Exception e) {
                        throw new AssertionError(e);
                      }
                      stop.cancel(null);
                    },
                    stop))
        .isInstanceOf(CancelledException.class);
    assertThat(output.toString(StandardCharsets.UTF_8)).contains("further");
  }

  private void awaitStandby() throws IOException {
    while (names(temp.resolve("executor/bundles")).stream()
        .noneMatch(name -> name.startsWith("standby"))) {
      Thread.onSpinWait();
    }
  }

  @Test
  void stepsWithInputDoNotTakeIt() throws Exception {
    run(container(shell("true")).build());
    executor.run(
        container(shell("cat")).build(),
        new Stdio.Streams(
            new ByteArrayInputStream("typed".getBytes(StandardCharsets.UTF_8)), output, error),
        ContainerListener.NONE,
        Cancellation.NONE);
    assertThat(output.toString(StandardCharsets.UTF_8)).isEqualTo("typed");
  }

  @Test
  void onlyOneIsReadyAndItGoesAfterAWhile() throws Exception {
    try (RuncCommand runtime = runtime();
        Standbys standbys = standbys(runtime)) {
      Standby first = awaitReady(standbys);
      assertThat(standbys.take()).isEmpty();
      Standby second = awaitReady(standbys);
      assertThat(names(temp.resolve("ahead"))).containsExactlyInAnyOrder(first.id(), second.id());
      first.close();
      second.close();
      assertThat(names(temp.resolve("ahead"))).isEmpty();
      standbys.prepare();
      while (later.size() < 3) {
        Thread.onSpinWait();
      }
      assertThat(names(temp.resolve("ahead"))).hasSize(1);
      later.forEach(Runnable::run);
      assertThat(standbys.take()).isEmpty();
      assertThat(names(temp.resolve("ahead"))).isEmpty();
    }
  }

  @Test
  void closingEndsTheOneThatIsReady() throws Exception {
    try (RuncCommand runtime = runtime()) {
      Standbys standbys = standbys(runtime);
      standbys.prepare();
      standbys.close();
      assertThat(names(temp.resolve("ahead"))).isEmpty();
      standbys.prepare();
      assertThat(standbys.take()).isEmpty();
    }
  }

  @Test
  void runtimesThatMayNotReadPipesAreStartedWithTheirSpecification() throws Exception {
    Path other = Files.createSymbolicLink(temp.resolve("crun"), TestingRootfs.requireRunc());
    try (RuncCommand runtime = new RuncCommand(other, temp.resolve("records"));
        Standbys standbys = standbys(runtime)) {
      standbys.prepare();
      standbys.close();
      assertThat(later).isEmpty();
    }
  }

  @Test
  void specificationIsThereForACallThatHasJustBegun() throws Exception {
    try (RuncCommand runtime = runtime()) {
      for (int i = 0; i < 5; i++) {
        Path folder = Files.createDirectories(temp.resolve("ahead")).resolve("new" + i);
        try (Standby begun = Standby.start(runtime, "new" + i, folder)) {
          assertThat(begun.run(new byte[] {'{', '}'}).exit().get()).isNotZero();
        }
        assertThat(folder.resolve("runtime.log")).content().doesNotContain("config.json");
        Bundle.removeFolder(folder);
      }
    }
  }

  @Test
  void largeSpecificationsAndDeadCallsAreStartedAnew() throws Exception {
    try (RuncCommand runtime = runtime();
        Standbys standbys = standbys(runtime)) {
      Standby large = awaitReady(standbys);
      Path folder = temp.resolve("ahead").resolve(large.id());
      byte[] nonsense = new byte[(1 << 20) + 1];
      assertThat(large.run(nonsense).exit().get()).isNotZero();
      assertThat(folder.resolve("config.json")).isRegularFile().hasSize(nonsense.length);
      Bundle.removeFolder(folder);

      Standby dead = awaitReady(standbys);
      folder = temp.resolve("ahead").resolve(dead.id());
      dead.child().signal(9);
      dead.child().exit().get();
      assertThat(dead.run(new byte[] {'{', '}'}).exit().get()).isNotZero();
      assertThat(folder.resolve("config.json")).isRegularFile().hasSize(2);
      Bundle.removeFolder(folder);
    }
  }
}
