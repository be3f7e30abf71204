package dev.kiln.solver.engine;

import static dev.kiln.solver.engine.SolverFixture.op;
import static dev.kiln.solver.engine.SolverFixture.solve;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.solver.Job;
import dev.kiln.solver.SolveException;
import dev.kiln.solver.SolverOptions;
import dev.kiln.solver.engine.SolverFixture.Events;
import dev.kiln.solver.store.CacheStore;
import dev.kiln.solver.store.MemoryCacheStore;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SolvingTest {
  private final SolverFixture fixture = new SolverFixture();

  @AfterEach
  void nothingIsLeft() {
    fixture.assertNothingLeft();
  }

  @Test
  void runsEachStepOnce() throws Exception {
    FakeOp base = op("base");
    FakeOp left = op("left").on(base);
    FakeOp right = op("right").on(base);
    FakeOp top = op("top").on(left, right);
    assertThat(fixture.build(top)).isEqualTo("top[left[base], right[base]]");
    assertThat(List.of(base, left, right, top)).allMatch(o -> o.runs.get() == 1);
  }

  @Test
  void hitNeverFetchesInputs() throws Exception {
    fixture.build(op("top").on(op("mid").on(op("base"))));
    FakeOp base = op("base");
    FakeOp mid = op("mid").on(base);
    FakeOp top = op("top").on(mid);
    assertThat(fixture.build(top)).isEqualTo("top[mid[base]]");
    assertThat(List.of(base, mid, top)).allMatch(o -> o.runs.get() == 0);
    assertThat(fixture.results.loads.get()).isEqualTo(1);
  }

  @Test
  void resultThatCannotBeKeptFailsTheBuildAndIsForgotten() throws Exception {
    fixture.results.durable = CompletableFuture.failedFuture(new IOException("the disk is full"));
    assertThatThrownBy(() -> fixture.build(op("base")))
        .isInstanceOf(SolveException.class)
        .hasMessageContaining("the disk is full");
    fixture.results.durable = CompletableFuture.completedFuture(null);
    FakeOp again = op("base");
    assertThat(fixture.build(again)).isEqualTo("base");
    assertThat(again.runs.get()).isEqualTo(1);
  }

  @Test
  void onlyTheBuildWaitsForTheDisk() throws Exception {
    CompletableFuture<Void> disk = new CompletableFuture<>();
    fixture.results.durable = disk;
    FakeOp base = op("base");
    FakeOp top = op("top").on(base);
    Events events = new Events();
    try (Job job = fixture.job(events)) {
      CompletableFuture<String> build = SolverFixture.solveLater(job, top.edge(0));
      while (top.runs.get() == 0) {
        Thread.onSpinWait();
      }
      assertThat(build).isNotDone();
      assertThat(events.last(base).completed()).isNull();
      disk.complete(null);
      assertThat(build.get()).isEqualTo("top[base]");
      assertThat(events.last(base).completed()).isNotNull();
    }
  }

  @Test
  void changedStepRunsWithWhatStandsOnItOnly() throws Exception {
    fixture.build(op("top").on(op("mid").on(op("base"))));
    FakeOp base = op("base");
    FakeOp mid = op("mid2").on(base);
    FakeOp top = op("top").on(mid);
    assertThat(fixture.build(top)).isEqualTo("top[mid2[base]]");
    assertThat(base.runs.get()).isZero();
    assertThat(mid.runs.get()).isEqualTo(1);
    assertThat(top.runs.get()).isEqualTo(1);
  }

  @Test
  void equalContentHitsThoughDefinitionsDiffer() throws Exception {
    fixture.build(op("copy").on(op("base"), op("src1").value("same")).content(1));
    FakeOp base = op("base");
    FakeOp src = op("src2").value("same");
    FakeOp copy = op("copy").on(base, src).content(1);
    assertThat(fixture.build(copy)).isEqualTo("copy[base, same]");
    assertThat(src.runs.get()).isEqualTo(1);
    assertThat(base.runs.get()).isZero();
    assertThat(copy.runs.get()).isZero();
  }

  @Test
  void contentOnceSeenIsKnownByDefinitionAfterwards() throws Exception {
    fixture.build(op("copy").on(op("src1").value("same")).content(0));
    fixture.build(op("copy").on(op("src2").value("same")).content(0));
    FakeOp src = op("src2").value("same");
    FakeOp copy = op("copy").on(src).content(0);
    fixture.build(copy);
    assertThat(src.runs.get()).isZero();
    assertThat(copy.hashes.get()).isZero();
  }

  @Test
  void stepFindsWhatItsOwnInputLeftInTheCache() throws Exception {
    FakeOp base = op("base");
    FakeOp below = op("step").on(base, base).content(0, v -> "part");
    FakeOp above = op("step").on(below, base).content(0, v -> "part");
    assertThat(fixture.build(above)).isEqualTo("step[base, base]");
    assertThat(below.runs.get()).isEqualTo(1);
    assertThat(above.runs.get()).isZero();
  }

  @Test
  void differentContentRuns() throws Exception {
    fixture.build(op("copy").on(op("src1").value("one")).content(0));
    FakeOp copy = op("copy").on(op("src2").value("two")).content(0);
    assertThat(fixture.build(copy)).isEqualTo("copy[two]");
    assertThat(copy.runs.get()).isEqualTo(1);
  }

  @Test
  void selectorsTellKeysApart() throws Exception {
    fixture.build(op("copy").on(op("src")).selector(0, "sha256:a"));
    FakeOp copy = op("copy").on(op("src")).selector(0, "sha256:b");
    fixture.build(copy);
    assertThat(copy.runs.get()).isEqualTo(1);
  }

  @Test
  void agreeingOnAPartOfTheInputSaysNothingAboutTheRest() throws Exception {
    FakeOp one = op("src1").value("part:rest1");
    fixture.build(op("use").on(one));
    fixture.build(op("copy").on(one).content(0, v -> "part"));
    FakeOp two = op("src2").value("part:rest2");
    fixture.build(op("copy").on(two).content(0, v -> "part"));
    FakeOp use = op("use").on(op("src2").value("part:rest2"));
    assertThat(fixture.build(use)).isEqualTo("use[part:rest2]");
    assertThat(use.runs.get()).isEqualTo(1);
  }

  @Test
  void secondKeyOfASourceIsNotAskedForIfTheFirstHits() throws Exception {
    FakeOp first = op("image").keys("manifest1", "config");
    fixture.build(op("run").on(first));
    assertThat(first.maps.get()).isEqualTo(2);
    FakeOp same = op("image").keys("manifest1", "config");
    FakeOp run = op("run").on(same);
    fixture.build(run);
    assertThat(run.runs.get()).isZero();
    assertThat(same.maps.get()).isEqualTo(1);
  }

  @Test
  void otherManifestWithTheSameConfigHits() throws Exception {
    fixture.build(op("run").on(op("image").keys("manifest1", "config")));
    FakeOp image = op("image").identity("other").keys("manifest2", "config");
    FakeOp run = op("run").on(image);
    fixture.build(run);
    assertThat(image.maps.get()).isEqualTo(2);
    assertThat(image.runs.get()).isZero();
    assertThat(run.runs.get()).isZero();
  }

  @Test
  void sessionBoundKeysAreNotStoredButContentIs() throws Exception {
    fixture.build(op("copy").on(op("local").keys("random:1").value("files")).content(0));
    fixture.store.forEachKey(key -> assertThat(key).doesNotStartWith("random:"));
    FakeOp local = op("local").identity("next").keys("random:2").value("files");
    FakeOp copy = op("copy").on(local).content(0);
    fixture.build(copy);
    assertThat(local.runs.get()).isEqualTo(1);
    assertThat(copy.runs.get()).isZero();
    FakeOp direct = op("direct").on(local);
    fixture.build(direct);
    assertThat(direct.runs.get()).isEqualTo(1);
  }

  @Test
  void aRecordThatCanNotBeLoadedIsMadeAnew() throws Exception {
    fixture.build(op("top").on(op("base")));
    fixture
        .results
        .saved
        .keySet()
        .forEach(id -> fixture.results.broken.put(id, new IOException("disk on fire")));
    FakeOp base = op("base");
    FakeOp top = op("top").on(base);
    Events events = new Events();
    try (Job job = fixture.job(events)) {
      assertThat(solve(job, top.edge(0))).isEqualTo("top[base]");
    }
    assertThat(top.runs.get()).isEqualTo(1);
    assertThat(base.runs.get()).isEqualTo(1);
    assertThat(events.of(top)).anyMatch(u -> u.error() != null && u.error().contains("on fire"));
    assertThat(events.last(top).error()).isNull();
  }

  @Test
  void recordsWithoutResultsAreForgotten() throws Exception {
    fixture.build(op("top").on(op("base")));
    fixture.results.saved.clear();
    FakeOp top = op("top").on(op("base"));
    fixture.build(top);
    assertThat(top.runs.get()).isEqualTo(1);
  }

  @Test
  void failureNamesTheVertex() throws Exception {
    FakeOp bad =
        op("bad")
            .does(
                (in, context) -> {
                  throw new IOException("exit code: 1");
                });
    FakeOp top = op("top").on(bad);
    Events events = new Events();
    try (Job job = fixture.job(events)) {
      assertThatThrownBy(() -> solve(job, top.edge(0)))
          .isInstanceOfSatisfying(
              SolveException.class,
              e -> {
                assertThat(e.vertex()).isSameAs(bad.vertex());
                assertThat(e.stage()).isEqualTo(SolveException.Stage.RUN);
              })
          .hasMessage("exit code: 1");
    }
    assertThat(events.last(bad).error()).isEqualTo("exit code: 1");
    assertThat(top.runs.get()).isZero();
  }

  @Test
  void failingContentKeyNamesTheInput() throws Exception {
    FakeOp copy =
        op("copy")
            .on(op("a"), op("b"))
            .content(
                1,
                v -> {
                  throw new IllegalStateException("\"/x\": not found");
                });
    try (Job job = fixture.job()) {
      assertThatThrownBy(() -> solve(job, copy.edge(0)))
          .hasMessage("failed to compute cache key: \"/x\": not found")
          .isInstanceOfSatisfying(SolveException.class, e -> assertThat(e.input()).isEqualTo(1));
    }
  }

  @Test
  void otherOutputsAreTakenFromOneRun() throws Exception {
    FakeOp two = op("two").does((in, context) -> List.of("out0", "out1"));
    FakeOp top = op("top").onEdge(two.edge(0)).onEdge(two.edge(1));
    assertThat(fixture.build(top)).isEqualTo("top[out0, out1]");
    assertThat(two.runs.get()).isEqualTo(1);
    FakeOp again = op("two").does((in, context) -> List.of("out0", "out1"));
    try (Job job = fixture.job()) {
      assertThat(solve(job, again.edge(1))).isEqualTo("out1");
      assertThatThrownBy(() -> solve(job, again.edge(2)))
          .hasMessageContaining("need 2 index but 2 results");
    }
  }

  @Test
  void preparationRunsBeforeTheStep() throws Exception {
    FakeOp top = op("top").on(op("base")).preprocess();
    assertThat(fixture.build(top)).isEqualTo("top[base]");
  }

  @Test
  void nestedGraphsLiveAsLongAsTheirVertex() throws Exception {
    FakeOp inner = op("inner").on(op("base"));
    FakeOp outer =
        op("outer")
            .free()
            .does(
                (in, context) ->
                    List.of(((FakeResults.Text) context.solve(inner.edge(0)).result()).value));
    try (Job job = fixture.job()) {
      assertThat(solve(job, outer.edge(0))).isEqualTo("inner[base]");
      assertThat(fixture.solver.activeVertices()).isEqualTo(3);
    }
  }

  @Test
  void buildWaitsUntilTheEndOfItsStepsWasReported() throws Exception {
    CompletableFuture<Void> disk = new CompletableFuture<>();
    CacheStore memory = new MemoryCacheStore();
    CacheStore slow =
        (CacheStore)
            Proxy.newProxyInstance(
                CacheStore.class.getClassLoader(),
                new Class<?>[] {CacheStore.class},
                (proxy, method, args) -> {
                  Object answer = method.invoke(memory, args);
                  boolean saves =
                      method.getName().equals("commit") && !((List<?>) args[0]).isEmpty();
                  return saves ? disk : answer;
                });
    SolverFixture onSlowDisk = new SolverFixture(SolverOptions.DEFAULT, slow);
    Events events = new Events();
    FakeOp step = op("step");
    try (Job job = onSlowDisk.job(events)) {
      CompletableFuture<String> built = SolverFixture.solveLater(job, step.edge(0));
      assertThatThrownBy(() -> built.get(200, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      disk.complete(null);
      assertThat(built.get()).isEqualTo("step");
      assertThat(events.last(step).completed()).isNotNull();
      assertThat(events.last(step).error()).isNull();
    }
    onSlowDisk.assertNothingLeft();
  }
}
