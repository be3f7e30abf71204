package dev.kiln.solver.engine;

import static dev.kiln.solver.engine.SolverFixture.op;
import static dev.kiln.solver.engine.SolverFixture.solve;
import static dev.kiln.solver.engine.SolverFixture.solveLater;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.solver.Cancellation;
import dev.kiln.solver.Job;
import dev.kiln.solver.SessionGoneException;
import dev.kiln.solver.engine.SolverFixture.Events;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SharingTest {
  private static final Executor VIRTUAL = r -> Thread.ofVirtual().start(r);

  private final SolverFixture fixture = new SolverFixture();

  @AfterEach
  void nothingIsLeft() {
    fixture.assertNothingLeft();
  }

  /** A step that says when it runs and waits to be let on. */
  private static final class Gate implements FakeOp.Behaviour {
    final CountDownLatch entered = new CountDownLatch(1);
    final Semaphore leave = new Semaphore(0);
    final AtomicInteger interrupted = new AtomicInteger();

    @Override
    public List<String> run(List<String> inputs, dev.kiln.solver.OpContext context)
        throws Exception {
      entered.countDown();
      try {
        leave.acquire();
      } catch (InterruptedException e) {
        interrupted.incrementAndGet();
        throw e;
      }
      return List.of("done");
    }
  }

  @Test
  void sameWorkOfTwoBuildsRunsOnce() throws Exception {
    Gate gate = new Gate();
    FakeOp one = op("step").does(gate);
    FakeOp two = op("step").does(gate);
    try (Job first = fixture.job();
        Job second = fixture.job()) {
      CompletableFuture<String> a = solveLater(first, one.edge(0));
      gate.entered.await();
      CompletableFuture<String> b = solveLater(second, two.edge(0));
      gate.leave.release(2);
      assertThat(a.get()).isEqualTo("done");
      assertThat(b.get()).isEqualTo("done");
    }
    assertThat(one.runs.get() + two.runs.get()).isEqualTo(1);
  }

  @Test
  void failureReachesAllBuildsThatWait() throws Exception {
    CountDownLatch bothIn = new CountDownLatch(1);
    FakeOp bad =
        op("bad")
            .does(
                (in, context) -> {
                  bothIn.await();
                  throw new IOException("broken");
                });
    try (Job first = fixture.job();
        Job second = fixture.job()) {
      CompletableFuture<String> a = solveLater(first, op("a").on(bad).edge(0));
      CompletableFuture<String> b = solveLater(second, op("b").on(bad).edge(0));
      bothIn.countDown();
      assertThatThrownBy(a::get).hasMessageContaining("broken");
      assertThatThrownBy(b::get).hasMessageContaining("broken");
    }
    assertThat(bad.runs.get()).isEqualTo(1);
  }

  @Test
  void cancelOfOneBuildLeavesTheOther() throws Exception {
    Gate gate = new Gate();
    FakeOp step = op("step").does(gate);
    Cancellation cancellation = new Cancellation();
    try (Job first = fixture.job();
        Job second = fixture.job()) {
      CompletableFuture<Void> a =
          CompletableFuture.runAsync(
              () ->
                  assertThatThrownBy(() -> first.build(step.edge(0), List.of(), cancellation))
                      .isInstanceOf(CancellationException.class),
              VIRTUAL);
      gate.entered.await();
      Cancellation other = new Cancellation();
      CountDownLatch joined = new CountDownLatch(1);
      CompletableFuture<String> b =
          CompletableFuture.supplyAsync(
              () -> {
                joined.countDown();
                try (var result = second.build(step.edge(0), List.of(), other)) {
                  return result.result().id();
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              },
              VIRTUAL);
      joined.await();
      waitUntil(() -> step.vertex() != null && jobsOf(step) == 2);
      cancellation.cancel();
      a.get();
      gate.leave.release();
      assertThat(b.get()).isEqualTo("done");
    }
    assertThat(gate.interrupted.get()).isZero();
    assertThat(step.runs.get()).isEqualTo(1);
  }

  private int jobsOf(FakeOp op) {
    return fixture.solver.jobsWanting(op.vertex().digest());
  }

  static void waitUntil(java.util.function.BooleanSupplier holds) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("did not come to hold");
      }
      Thread.onSpinWait();
    }
  }

  @Test
  void lastCancelStopsTheStepAndItCanRunAgain() throws Exception {
    Gate gate = new Gate();
    FakeOp step = op("step").does(gate);
    FakeOp top = op("top").on(step);
    try (Job job = fixture.job()) {
      Cancellation cancellation = new Cancellation();
      CompletableFuture<Void> a =
          CompletableFuture.runAsync(
              () ->
                  assertThatThrownBy(() -> job.build(top.edge(0), List.of(), cancellation))
                      .isInstanceOf(CancellationException.class),
              VIRTUAL);
      gate.entered.await();
      cancellation.cancel();
      a.get();
      waitUntil(() -> gate.interrupted.get() == 1);
      gate.leave.release();
      assertThat(solve(job, top.edge(0))).isEqualTo("top[done]");
    }
    assertThat(step.runs.get()).isEqualTo(2);
  }

  @Test
  void closingTheJobCancelsItsBuilds() throws Exception {
    Gate gate = new Gate();
    Job job = fixture.job();
    CompletableFuture<String> a = solveLater(job, op("step").does(gate).edge(0));
    gate.entered.await();
    job.close();
    assertThatThrownBy(a::get).hasCauseInstanceOf(CancellationException.class);
    waitUntil(() -> gate.interrupted.get() == 1);
  }

  @Test
  void equalKeysOfDifferentVerticesRunOnce() throws Exception {
    Gate gate = new Gate();
    FakeOp one = op("step").identity("v1").does(gate);
    FakeOp two = op("step").identity("v2").does(gate);
    FakeOp topOne = op("top").identity("t1").on(one);
    FakeOp topTwo = op("top").identity("t2").on(two);
    try (Job first = fixture.job();
        Job second = fixture.job()) {
      CompletableFuture<String> a = solveLater(first, topOne.edge(0));
      gate.entered.await();
      CompletableFuture<String> b = solveLater(second, topTwo.edge(0));
      waitUntil(() -> jobsOf(one) == 2);
      first.close();
      gate.leave.release();
      assertThat(b.get()).isEqualTo("top[done]");
      assertThatThrownBy(a::get).hasCauseInstanceOf(CancellationException.class);
    }
    assertThat(one.runs.get() + two.runs.get()).isEqualTo(1);
    assertThat(topOne.runs.get() + topTwo.runs.get()).isEqualTo(1);
    assertThat(gate.interrupted.get()).isZero();
  }

  @Test
  void joinedVertexShowsUnderItsOwnNameWithAllThatHappened() throws Exception {
    Gate gate = new Gate();
    byte[] text = "hello".getBytes(StandardCharsets.UTF_8);
    FakeOp one =
        op("step")
            .identity("v1")
            .does(
                (in, context) -> {
                  context.progress().log(1, text);
                  return gate.run(in, context);
                });
    FakeOp two = op("step").identity("v2");
    Events events = new Events();
    try (Job first = fixture.job();
        Job second = fixture.job(events)) {
      CompletableFuture<String> a = solveLater(first, one.edge(0));
      gate.entered.await();
      CompletableFuture<String> b = solveLater(second, two.edge(0));
      waitUntil(() -> jobsOf(one) == 2);
      gate.leave.release();
      a.get();
      b.get();
      assertThat(events.all).allMatch(e -> e.vertex().equals(two.vertex().digest()));
      assertThat(events.all).anyMatch(e -> e instanceof dev.kiln.solver.ProgressEvent.Log);
      assertThat(events.last(two).completed()).isNotNull();
    }
  }

  @Test
  void anEdgeNeverJoinsOneThatWaitsForIt() throws Exception {
    FakeOp low = op("same").identity("low").content(0).on(op("a").value("x"));
    FakeOp mid = op("mid").on(low).value("x");
    FakeOp high = op("same").identity("high").content(0).on(mid);
    assertThat(fixture.build(high)).isEqualTo("same[x]");
  }

  @Test
  void stepWhoseSessionVanishedRunsAgainForTheOther() throws Exception {
    CountDownLatch joined = new CountDownLatch(1);
    AtomicInteger calls = new AtomicInteger();
    FakeOp step =
        op("step")
            .does(
                (in, context) -> {
                  joined.await();
                  if (calls.incrementAndGet() == 1) {
                    throw new SessionGoneException(context.sessions().get(0), "gone", null);
                  }
                  return List.of("ok");
                });
    try (Job first = fixture.job();
        Job second = fixture.job()) {
      CompletableFuture<String> a = solveLater(first, step.edge(0));
      CompletableFuture<String> b = solveLater(second, step.edge(0));
      waitUntil(() -> jobsOf(step) == 2);
      joined.countDown();
      assertThat(a.get()).isEqualTo("ok");
      assertThat(b.get()).isEqualTo("ok");
    }
  }

  @Test
  void stepWhoseOnlySessionVanishedFails() throws Exception {
    FakeOp step =
        op("step")
            .does(
                (in, context) -> {
                  throw new SessionGoneException(context.sessions().get(0), "gone", null);
                });
    try (Job job = fixture.job()) {
      assertThatThrownBy(() -> solve(job, step.edge(0))).hasMessage("gone");
    }
  }

  @Test
  void independentStepsRunAtOnce() throws Exception {
    CyclicBarrier together = new CyclicBarrier(4);
    FakeOp top = op("top");
    for (int i = 0; i < 4; i++) {
      top.on(
          op("s" + i)
              .does(
                  (in, context) -> {
                    together.await(10, TimeUnit.SECONDS);
                    return List.of("x");
                  }));
    }
    assertThat(fixture.build(top)).isEqualTo("top[x, x, x, x]");
  }
}
