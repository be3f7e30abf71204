package dev.kiln.solver.engine;

import static dev.kiln.solver.engine.SolverFixture.op;
import static dev.kiln.solver.engine.SolverFixture.solve;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.solver.Job;
import dev.kiln.solver.Sha256;
import dev.kiln.solver.engine.SolverFixture.Events;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class IgnoreCacheTest {
  private final SolverFixture fixture = new SolverFixture();

  @AfterEach
  void nothingIsLeft() {
    fixture.assertNothingLeft();
  }

  @Test
  void ignoringStepRunsAndSoDoItsConsumers() throws Exception {
    fixture.build(op("top").on(op("mid")));
    FakeOp mid = op("mid").ignoreCache();
    FakeOp top = op("top").on(mid);
    fixture.build(top);
    assertThat(mid.runs.get()).isEqualTo(1);
    assertThat(top.runs.get()).isEqualTo(1);
  }

  @Test
  void consumersOfAnIgnoringStepHitByContent() throws Exception {
    fixture.build(op("copy").on(op("mid")).content(0));
    FakeOp mid = op("mid").ignoreCache();
    FakeOp copy = op("copy").on(mid).content(0);
    fixture.build(copy);
    assertThat(mid.runs.get()).isEqualTo(1);
    assertThat(copy.runs.get()).isZero();
  }

  @Test
  void resultOfAnIgnoringStepIsFoundLater() throws Exception {
    fixture.build(op("mid").value("old"));
    fixture.build(op("mid").value("new").ignoreCache());
    assertThat(fixture.build(op("mid").value("unused"))).isEqualTo("new");
    FakeOp top = op("top").on(op("mid").value("newer").ignoreCache());
    fixture.build(top);
    FakeOp again = op("top").on(op("mid"));
    assertThat(fixture.build(again)).isEqualTo("top[newer]");
    assertThat(again.runs.get()).isZero();
  }

  @Test
  void ignoringNeverJoinsAnActiveNormalTwin() throws Exception {
    FakeOp normal = op("step").value("old");
    FakeOp ignoring = op("step").value("new").ignoreCache();
    Events events = new Events();
    try (Job first = fixture.job();
        Job second = fixture.job(events)) {
      assertThat(solve(first, normal.edge(0))).isEqualTo("old");
      assertThat(solve(second, ignoring.edge(0))).isEqualTo("new");
      assertThat(events.all)
          .allMatch(e -> e.vertex().equals(Sha256.of(normal.vertex().digest() + "-ignorecache")));
    }
  }

  @Test
  void normalJoinsAnActiveIgnoringTwin() throws Exception {
    FakeOp ignoring = op("step").value("new").ignoreCache();
    FakeOp normal = op("step").value("unused");
    try (Job first = fixture.job();
        Job second = fixture.job()) {
      assertThat(solve(first, ignoring.edge(0))).isEqualTo("new");
      assertThat(solve(second, normal.edge(0))).isEqualTo("new");
    }
    assertThat(normal.runs.get()).isZero();
  }

  @Test
  void lateConsumersOfAnExecutedStepStillHit() throws Exception {
    fixture.build(op("top").on(op("base")));
    fixture.results.saved.values().removeIf("base"::equals);
    try (Job keeper = fixture.job()) {
      solve(keeper, op("base").edge(0));
      FakeOp top = op("top").identity("top2").on(op("base"));
      fixture.build(top);
      assertThat(top.runs.get()).isZero();
    }
  }
}
