package dev.kiln.solver.engine;

import static dev.kiln.solver.engine.SolverFixture.op;
import static dev.kiln.solver.engine.SolverFixture.solve;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.solver.Job;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Cost grows with the graph, not with its square; nothing depends on the depth of the stack. */
@Timeout(60)
class ScaleTest {
  private static final int SIZE = 10_000;

  private final SolverFixture fixture = new SolverFixture();

  @AfterEach
  void nothingIsLeft() {
    fixture.assertNothingLeft();
  }

  private static FakeOp chain(String base, int length, List<FakeOp> all) {
    FakeOp below = op(base);
    all.add(below);
    for (int i = 1; i < length; i++) {
      below = op("s" + i).on(below).value("v" + i);
      all.add(below);
    }
    return below;
  }

  @Test
  void deepChainRunsAndHits() throws Exception {
    fixture.build(chain("base", SIZE, new ArrayList<>()));
    List<FakeOp> again = new ArrayList<>();
    long start = System.nanoTime();
    fixture.build(chain("base", SIZE, again));
    System.out.println("cached chain ms " + (System.nanoTime() - start) / 1_000_000);
    assertThat(again).allMatch(o -> o.runs.get() == 0);
    assertThat(fixture.results.loads.get()).isEqualTo(1);
  }

  @Test
  void wideGraphRunsAndHits() throws Exception {
    for (int round = 0; round < 2; round++) {
      FakeOp base = op("base");
      FakeOp top = op("top").value("done");
      List<FakeOp> all = new ArrayList<>();
      for (int i = 0; i < 2000; i++) {
        FakeOp leaf = op("leaf" + i).on(base);
        all.add(leaf);
        top.on(leaf);
      }
      fixture.build(top);
      int runs = round == 0 ? 1 : 0;
      assertThat(all).allMatch(o -> o.runs.get() == runs);
    }
  }

  /** As COPY --link makes it: each step merges what is below with a copy of a client's files. */
  private static FakeOp linkedCopies(String session, int steps, List<FakeOp> all) {
    FakeOp context = op("context").identity(session).keys("random:" + session).value("files");
    FakeOp below = op("base");
    for (int i = 0; i < steps; i++) {
      FakeOp copy = op("copy" + i).on(context).selector(0, "sha256:" + i).content(0).value("c" + i);
      below = op("merge" + i).on(below, copy).value("m" + i);
      all.add(copy);
      all.add(below);
    }
    return below;
  }

  @Test
  void manyLinkedCopiesHit() throws Exception {
    fixture.build(linkedCopies("one", 2000, new ArrayList<>()));
    for (int steps : new int[] {400, 2000}) {
      List<FakeOp> again = new ArrayList<>();
      FakeOp top = linkedCopies("two" + steps, steps, again);
      long start = System.nanoTime();
      fixture.build(top);
      System.out.println(steps + " cached copies ms " + (System.nanoTime() - start) / 1_000_000);
      assertThat(again).allMatch(o -> o.runs.get() == 0);
    }
  }

  @Test
  void twoClientsWithEqualDeepGraphsDoTheWorkOnce() throws Exception {
    List<FakeOp> one = new ArrayList<>();
    List<FakeOp> two = new ArrayList<>();
    FakeOp topOne = chain("base", 2000, one);
    FakeOp below = op("base").identity("other");
    two.add(below);
    for (int i = 1; i < 2000; i++) {
      below = op("s" + i).on(below).value("v" + i);
      two.add(below);
    }
    FakeOp topTwo = below;
    try (Job first = fixture.job();
        Job second = fixture.job()) {
      var a = SolverFixture.solveLater(first, topOne.edge(0));
      var b = SolverFixture.solveLater(second, topTwo.edge(0));
      assertThat(a.get()).isEqualTo(b.get());
      solve(first, topOne.edge(0));
    }
    for (int i = 0; i < 2000; i++) {
      assertThat(one.get(i).runs.get() + two.get(i).runs.get()).isEqualTo(1);
    }
  }
}
