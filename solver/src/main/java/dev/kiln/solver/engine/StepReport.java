package dev.kiln.solver.engine;

import dev.kiln.solver.CacheMap;
import dev.kiln.solver.Job;
import dev.kiln.solver.Miss;
import dev.kiln.solver.Operation;
import dev.kiln.solver.Result;
import dev.kiln.solver.why.BuildNames;
import dev.kiln.solver.why.MissFinder;
import dev.kiln.solver.why.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells why one step runs: in the log, and to the builds that want it. That is found out while it
 * runs, and what goes wrong in it never keeps the step from running. Used by the thread that runs
 * the step.
 */
final class StepReport {
  private static final Logger log = LoggerFactory.getLogger(StepReport.class);

  private final ActiveVertex active;
  private final Explainer explainer;
  private final String digest;
  private final List<DepSlot.Read> inputs;
  private final @Nullable String lost;
  private final boolean storable;
  private @Nullable Thread telling;
  private MissFinder.@Nullable Description description;

  /**
   * How reasons are found.
   *
   * @param names what is known of builds
   */
  record Explainer(MissFinder finder, BuildNames names) {}

  /**
   * @param digest digest of the operation without inputs
   * @param lost why a result that was there could not be loaded; null if there was none
   * @param storable whether the result can be cached
   */
  StepReport(
      ActiveVertex active,
      Explainer explainer,
      String digest,
      List<DepSlot.Read> inputs,
      @Nullable String lost,
      boolean storable) {
    this.active = active;
    this.explainer = explainer;
    this.digest = digest;
    this.inputs = inputs;
    this.lost = lost;
    this.storable = storable;
  }

  /**
   * Begins to tell why, once; sources are fetched, and no steps.
   *
   * @param results the inputs, which must stay until {@link #awaitTold} returns
   */
  void begins(List<Result> results) {
    if (telling == null && !active.vertex.op().hasSource()) {
      telling = Thread.ofVirtual().name("why").start(() -> tell(results));
    }
  }

  /** Waits until all is told; an interruption is kept for later. */
  void awaitTold() {
    Thread thread = telling;
    boolean interrupted = false;
    while (thread != null && thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell(List<Result> results) {
    try {
      Step step = step(results);
      Miss miss = explainer.finder.explain(step);
      log.info("step \"{}\" ran: {}", active.vertex.name(), miss.text());
      active.hub.missed(miss);
      description = explainer.finder.describe(step);
    } catch (RuntimeException e) {
      log.warn("could not tell why {} runs", active.vertex.name(), e);
    }
  }

  /** Keeps what the step was made of, for the next one that is like it; all was told before. */
  void ran() {
    MissFinder.Description made = description;
    if (made == null) {
      return;
    }
    try {
      explainer.finder.ran(made, Instant.now());
    } catch (RuntimeException e) {
      log.warn("could not keep what {} was made of", active.vertex.name(), e);
    }
  }

  private Step step(List<Result> results) {
    List<Step.Input> seen = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      DepSlot.Read input = inputs.get(i);
      Result result = results.get(i);
      ActiveVertex of = input.of();
      seen.add(
          new Step.Input(
              of.vertex,
              result.id(),
              of.work.resolved().map(Operation::resolved).orElse(""),
              input.content(),
              () -> list(input.contents(), result)));
    }
    Job job = active.graph.jobsOf(active).stream().findFirst().orElse(null);
    return new Step(
        active.vertex,
        digest,
        job == null ? "" : explainer.names.project(job),
        job == null ? Set.of() : explainer.names.arguments(job),
        seen,
        lost,
        storable);
  }

  private List<CacheMap.Entry> list(CacheMap.@Nullable Contents contents, Result result) {
    try {
      return contents == null ? List.of() : contents.list(result);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    } catch (Exception e) {
      log.debug("the files that {} reads are not listed", active.vertex.name(), e);
      return List.of();
    }
  }
}
