package dev.kiln.solver.engine;

import static dev.kiln.solver.engine.SharingTest.waitUntil;
import static dev.kiln.solver.engine.SolverFixture.op;
import static dev.kiln.solver.engine.SolverFixture.solveLater;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.solver.Job;
import dev.kiln.solver.SolverOptions;
import dev.kiln.solver.store.MemoryCacheStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How steps take turns where they may not all run at once. */
@Timeout(20)
class FairnessTest {
  private static final int MANY = 50;

  private final SolverFixture fixture =
      new SolverFixture(new SolverOptions(1, 1024), new MemoryCacheStore());
  private final List<String> order = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch leave = new CountDownLatch(1);

  @AfterEach
  void nothingIsLeft() {
    fixture.assertNothingLeft();
  }

  private FakeOp step(String name) {
    return op(name)
        .does(
            (in, context) -> {
              order.add(name);
              return List.of(name);
            });
  }

  /** Takes the only place until told to leave. */
  private FakeOp blocker() {
    return op("blocker")
        .does(
            (in, context) -> {
              entered.countDown();
              leave.await();
              return List.of("blocker");
            });
  }

  private FakeOp many() {
    FakeOp many = op("many");
    for (int i = 0; i < MANY; i++) {
      many.on(step("a" + i));
    }
    return many;
  }

  @Test
  void aSmallBuildWaitsForOneStepOfALargeOne() throws Exception {
    try (Job big = fixture.job();
        Job small = fixture.job()) {
      CompletableFuture<String> first = solveLater(big, blocker().edge(0));
      entered.await();
      CompletableFuture<String> a = solveLater(big, many().edge(0));
      waitUntil(() -> fixture.solver.waitingSteps() == MANY);
      CompletableFuture<String> b = solveLater(small, step("b").edge(0));
      waitUntil(() -> fixture.solver.waitingSteps() == MANY + 1);
      leave.countDown();
      first.get();
      a.get();
      b.get();
    }
    assertThat(order.indexOf("b")).isLessThanOrEqualTo(1);
  }

  @Test
  void aSmallBuildDoesNotWaitForAllOfALargeOneThatWantsTheSameStep() throws Exception {
    try (Job big = fixture.job();
        Job small = fixture.job()) {
      CompletableFuture<String> first = solveLater(big, blocker().edge(0));
      entered.await();
      CompletableFuture<String> a = solveLater(big, many().edge(0));
      waitUntil(() -> fixture.solver.waitingSteps() == MANY);
      FakeOp last = step("a" + (MANY - 1));
      CompletableFuture<String> b = solveLater(small, last.edge(0));
      waitUntil(() -> fixture.solver.jobsWanting(last.vertex().digest()) == 2);
      leave.countDown();
      first.get();
      a.get();
      b.get();
    }
    assertThat(order).hasSize(MANY);
    assertThat(order.indexOf("a" + (MANY - 1))).isLessThanOrEqualTo(1);
  }

  @Test
  @SuppressWarnings("ThreadPriorityCheck") // others may come between; nothing relies on it
  void neverMoreStepsThanAllowedRunAtOnce() throws Exception {
    SolverFixture three = new SolverFixture(new SolverOptions(3, 1024), new MemoryCacheStore());
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    FakeOp top = op("top");
    for (int i = 0; i < MANY; i++) {
      top.on(
          op("s" + i)
              .does(
                  (in, context) -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    Thread.yield();
                    running.decrementAndGet();
                    return List.of("x");
                  }));
    }
    three.build(top.value("done"));
    assertThat(most.get()).isLessThanOrEqualTo(3);
    three.assertNothingLeft();
    leave.countDown();
  }
}
