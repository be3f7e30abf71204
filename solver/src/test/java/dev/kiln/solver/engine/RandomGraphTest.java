package dev.kiln.solver.engine;

import static dev.kiln.solver.engine.SolverFixture.solveLater;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.solver.Job;
import dev.kiln.solver.SolverOptions;
import dev.kiln.solver.store.MemoryCacheStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random graphs, built several at once over one cache that fills, against plain evaluation. An
 * operation's value follows from its key and from what its key covers of its inputs, so any wrong
 * hit shows as a wrong value. A failure prints the seed that replays it.
 */
@Timeout(600)
class RandomGraphTest {
  private static final long FIRST_SEED = Long.getLong("kiln.seed", 1);
  private static final int SEEDS = Integer.getInteger("kiln.seeds", 60);

  @Test
  void resultsEqualPlainEvaluation() throws Exception {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      try {
        run(new Random(seed));
      } catch (Exception | AssertionError e) {
        throw new AssertionError("failed with -Dkiln.seed=" + seed + " -Dkiln.seeds=1", e);
      }
    }
  }

  private static void run(Random random) throws Exception {
    SolverFixture fixture =
        new SolverFixture(new SolverOptions(random.nextInt(3), 1024), new MemoryCacheStore());
    for (int round = 0; round < 4; round++) {
      List<Job> jobs = new ArrayList<>();
      List<CompletableFuture<String>> futures = new ArrayList<>();
      List<String> expected = new ArrayList<>();
      for (int b = 0; b < 3; b++) {
        Map<FakeOp, String> values = new HashMap<>();
        FakeOp top = graph(random, round + "." + b, values);
        Job job = fixture.job();
        jobs.add(job);
        expected.add(values.get(top));
        futures.add(solveLater(job, top.edge(0)));
      }
      for (int b = 0; b < futures.size(); b++) {
        assertThat(futures.get(b).get(20, TimeUnit.SECONDS)).isEqualTo(expected.get(b));
      }
      jobs.forEach(Job::close);
      SharingTest.waitUntil(() -> fixture.results.openHandles.get() == 0);
      fixture.assertNothingLeft();
      if (random.nextInt(3) == 0) {
        fixture.results.saved.keySet().removeIf(id -> random.nextBoolean());
      }
    }
  }

  /** Few names and few contents, so that many steps of different graphs are equal. */
  private static FakeOp graph(Random random, String build, Map<FakeOp, String> values) {
    List<FakeOp> ops = new ArrayList<>();
    int size = 4 + random.nextInt(14);
    for (int i = 0; i < size; i++) {
      FakeOp op =
          i < 2 || random.nextInt(6) == 0 ? source(random, build) : step(random, ops, build);
      ops.add(op);
      values.put(op, value(op, values));
    }
    FakeOp top = new FakeOp("top").on(ops.get(size - 1), ops.get(random.nextInt(size)));
    top.does((in, context) -> List.of("top" + in));
    values.put(top, value(top, values));
    return top;
  }

  private static FakeOp source(Random random, String build) {
    String content = "c" + random.nextInt(3);
    FakeOp op = new FakeOp("source");
    switch (random.nextInt(3)) {
      case 0 -> op.keys("random:" + build + content).identity(build + content);
      case 1 ->
          op.keys("manifest" + content + random.nextInt(2), "config" + content)
              .identity("image" + content + random.nextInt(100));
      default -> op.keys("http" + content).identity("http" + content);
    }
    return op.value(content);
  }

  private static FakeOp step(Random random, List<FakeOp> ops, String build) {
    FakeOp op = new FakeOp("s" + random.nextInt(3));
    int inputs = 1 + random.nextInt(2);
    StringBuilder shape = new StringBuilder(op.name).append(inputs);
    List<Integer> byContent = new ArrayList<>();
    for (int i = 0; i < inputs; i++) {
      op.on(ops.get(Math.max(0, ops.size() - 1 - random.nextInt(5))));
      if (random.nextInt(3) == 0) {
        op.content(i, RandomGraphTest::part);
        op.selector(i, "part");
        byContent.add(i);
        shape.append("c").append(i);
      } else if (random.nextInt(4) == 0) {
        op.preprocess();
      }
    }
    if (random.nextInt(8) == 0) {
      op.ignoreCache();
    }
    if (random.nextInt(4) == 0) {
      op.identity(shape + "other" + build);
    } else {
      op.identity(shape + "x" + byContent);
    }
    op.keys(shape.toString());
    op.does((in, context) -> List.of(valueOf(shape.toString(), byContent, in)));
    return op;
  }

  /** The part of a value that some steps look at. */
  private static String part(String value) {
    return value.substring(0, 1) + value.length() % 2;
  }

  private static String valueOf(String shape, List<Integer> byContent, List<String> inputs) {
    List<String> seen = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      seen.add(byContent.contains(i) ? part(inputs.get(i)) : inputs.get(i));
    }
    return shape + Integer.toHexString(seen.hashCode());
  }

  private static String value(FakeOp op, Map<FakeOp, String> values) {
    List<String> in = new ArrayList<>();
    op.vertex().inputs().forEach(e -> in.add(values.get(FakeOp.OPS.get(e.vertex()))));
    return op.evaluate(in);
  }
}
