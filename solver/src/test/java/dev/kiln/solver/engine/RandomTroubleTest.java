package dev.kiln.solver.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.solver.CachedResult;
import dev.kiln.solver.Cancellation;
import dev.kiln.solver.Job;
import dev.kiln.solver.OpContext;
import dev.kiln.solver.SessionGoneException;
import dev.kiln.solver.SolverOptions;
import dev.kiln.solver.store.MemoryCacheStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random graphs, built several at once, in which builds are cancelled and closed midway, steps
 * fail, lose their sessions, and ignore the cache. Every build ends; those that were let alone end
 * as plain evaluation says; a step runs once for each key, where nobody took its result away. A
 * failure prints the seed that replays the graphs and what befalls them.
 */
@Timeout(600)
class RandomTroubleTest {
  private static final long FIRST_SEED = Long.getLong("kiln.seed", 1);
  private static final int SEEDS = Integer.getInteger("kiln.seeds", 100);
  private static final int ROUNDS = 4;
  private static final int BUILDS = 4;
  private static final int PATIENCE_SECONDS = 20;

  @Test
  void everyBuildEndsAsItShould() throws Exception {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      try {
        new Run(seed).all();
      } catch (Exception | AssertionError e) {
        throw new AssertionError("failed with -Dkiln.seed=" + seed + " -Dkiln.seeds=1", e);
      }
    }
  }

  /** One build with what is to happen to it. */
  private record Build(
      Job job, FakeOp top, Cancellation cancellation, int cancelAt, boolean close) {
    void strike() {
      cancellation.cancel();
      if (close) {
        job.close();
      }
    }
  }

  /** All rounds of one seed, over one cache that fills. */
  private static final class Run {
    private final Random random;
    private final SolverFixture fixture;

    /** Cancelled work may have to be done again, so only seeds without count runs. */
    private final boolean cancels;

    private final Map<FakeOp, String> keys = new HashMap<>();
    private final Map<FakeOp, String> values = new HashMap<>();
    private final Map<String, AtomicInteger> runsByKey = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> runsOfRound = new ConcurrentHashMap<>();
    private boolean failed;
    private final AtomicInteger steps = new AtomicInteger();
    private volatile List<Build> builds = List.of();

    Run(long seed) {
      random = new Random(seed);
      cancels = random.nextBoolean();
      fixture =
          new SolverFixture(new SolverOptions(random.nextInt(4), 1024), new MemoryCacheStore());
    }

    void all() throws Exception {
      for (int round = 0; round < ROUNDS; round++) {
        round();
      }
      if (!cancels) {
        runsByKey.forEach((key, runs) -> assertThat(runs.get()).as("runs of %s", key).isOne());
      }
    }

    private void round() throws Exception {
      steps.set(0);
      runsOfRound.clear();
      failed = false;
      List<Build> all = new ArrayList<>();
      for (int b = 0; b < BUILDS; b++) {
        boolean cancel = cancels && random.nextInt(2) == 0;
        int at = cancel ? random.nextInt(20) : -1;
        all.add(new Build(fixture.job(), graph(), new Cancellation(), at, random.nextInt(3) == 0));
      }
      builds = all;
      List<CompletableFuture<String>> futures = all.stream().map(Run::start).toList();
      for (int b = 0; b < BUILDS; b++) {
        check(all.get(b), futures.get(b));
      }
      all.forEach(build -> build.job.close());
      SharingTest.waitUntil(() -> fixture.results.openHandles.get() == 0);
      SharingTest.waitUntil(() -> fixture.solver.waitingSteps() == 0);
      fixture.assertNothingLeft();
      // A failed build cancels its other steps, and what they made is lost.
      if (!failed) {
        runsOfRound.forEach(
            (key, runs) ->
                runsByKey.computeIfAbsent(key, k -> new AtomicInteger()).addAndGet(runs.get()));
      }
    }

    private static CompletableFuture<String> start(Build build) {
      return CompletableFuture.supplyAsync(
          () -> {
            try (CachedResult result =
                build.job.build(build.top.edge(0), List.of(), build.cancellation)) {
              return ((FakeResults.Text) result.result()).value;
            } catch (CancellationException e) {
              return "cancelled";
            } catch (Exception e) {
              throw new CompletionException(e);
            }
          },
          r -> Thread.ofVirtual().start(r));
    }

    private void check(Build build, CompletableFuture<String> future) throws Exception {
      String expected = values.get(build.top);
      String got =
          future
              .exceptionally(
                  e -> {
                    Throwable cause = e.getCause() == null ? e : e.getCause();
                    assertThat(cause).hasMessageContaining("bad step");
                    return "failed";
                  })
              .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      failed |= got.equals("failed");
      if (build.cancelAt < 0) {
        assertThat(got).isEqualTo(expected);
      } else {
        assertThat(got).isIn(expected, "cancelled");
      }
    }

    /** What every step does besides its work. */
    @SuppressWarnings("ThreadPriorityCheck") // others may come between; nothing relies on it
    private void meet(OpContext context, AtomicBoolean lostSession) throws Exception {
      int now = steps.getAndIncrement();
      for (Build build : builds) {
        if (build.cancelAt == now) {
          build.strike();
        }
      }
      for (int i = 0; i < now % 5; i++) {
        Thread.yield();
      }
      List<String> sessions = context.sessions();
      if (!cancels && sessions.size() > 1 && lostSession.compareAndSet(false, true)) {
        throw new SessionGoneException(sessions.getFirst(), "gone", null);
      }
    }

    /** Few names and few contents, so that many steps of different graphs are equal. */
    private FakeOp graph() {
      List<FakeOp> ops = new ArrayList<>();
      int size = 4 + random.nextInt(16);
      for (int i = 0; i < size; i++) {
        ops.add(i < 2 || random.nextInt(6) == 0 ? source() : step(ops));
      }
      FakeOp top = new FakeOp("top").on(ops.get(size - 1), ops.get(random.nextInt(size)));
      return settle(top, "top", List.of(), false);
    }

    private FakeOp source() {
      String content = "c" + random.nextInt(4);
      FakeOp op = new FakeOp("source").keys("http" + content).identity("http" + content);
      return settle(op, content, List.of(), false);
    }

    private FakeOp step(List<FakeOp> ops) {
      FakeOp op = new FakeOp("s" + random.nextInt(4));
      int inputs = 1 + random.nextInt(3);
      StringBuilder shape = new StringBuilder(op.name).append(inputs);
      List<Integer> byContent = new ArrayList<>();
      for (int i = 0; i < inputs; i++) {
        op.on(ops.get(Math.max(0, ops.size() - 1 - random.nextInt(5))));
        if (random.nextInt(3) == 0) {
          op.content(i, RandomTroubleTest::part).selector(i, "part");
          byContent.add(i);
          shape.append("c").append(i);
        } else if (random.nextInt(4) == 0) {
          op.preprocess();
        }
      }
      boolean bad = random.nextInt(40) == 0;
      if (bad) {
        shape.append("bad");
      }
      if (random.nextInt(12) == 0) {
        op.ignoreCache();
      }
      op.keys(shape.toString());
      op.identity(shape + (random.nextInt(4) == 0 ? "twin" + random.nextInt() : "x"));
      return settle(op, shape.toString(), byContent, bad);
    }

    /** Gives a step its work, and notes its key and the value that plain evaluation gives. */
    private FakeOp settle(FakeOp op, String shape, List<Integer> byContent, boolean bad) {
      List<FakeOp> inputs =
          op.vertex().inputs().stream().map(e -> FakeOp.OPS.get(e.vertex())).toList();
      List<String> in = inputs.stream().map(values::get).toList();
      boolean failed = bad || in.contains("failed");
      values.put(op, failed ? "failed" : valueOf(shape, byContent, in));
      keys.put(op, failed ? "" : key(op, shape, byContent, inputs, in));
      AtomicBoolean lostSession = new AtomicBoolean(random.nextInt(10) != 0);
      op.does(
          (given, context) -> {
            meet(context, lostSession);
            if (bad) {
              throw new IOException("bad step");
            }
            String key = keys.get(op);
            if (!key.isEmpty()) {
              runsOfRound.computeIfAbsent(key, k -> new AtomicInteger()).incrementAndGet();
            }
            return List.of(valueOf(shape, byContent, given));
          });
      return op;
    }

    /** The same for steps that are the same work; empty for what stands on an ignored cache. */
    private String key(
        FakeOp op, String shape, List<Integer> byContent, List<FakeOp> inputs, List<String> in) {
      StringBuilder key = new StringBuilder(shape).append('(');
      for (int i = 0; i < in.size(); i++) {
        String of = byContent.contains(i) ? part(in.get(i)) : keys.get(inputs.get(i));
        if (of.isEmpty() || keys.get(inputs.get(i)).isEmpty()) {
          return "";
        }
        key.append(of).append(' ');
      }
      return op.vertex().options().ignoreCache() ? "" : key.append(')').toString();
    }
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
}
