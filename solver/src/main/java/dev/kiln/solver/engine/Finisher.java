package dev.kiln.solver.engine;

import dev.kiln.solver.CacheKey;
import dev.kiln.solver.CacheKey.Link;
import dev.kiln.solver.CacheKey.Stored;
import dev.kiln.solver.Result;
import dev.kiln.solver.SolveException;
import dev.kiln.solver.cache.CacheView;
import dev.kiln.solver.cache.LocalCache.Saved;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets the result of one edge: from a cache if one of its keys has a record, else by running the
 * operation. Used by the edge's driver only.
 */
final class Finisher {
  private static final Logger log = LoggerFactory.getLogger(Finisher.class);

  private final EdgeState edge;
  private final Engine engine;
  private final List<CacheKey> unlooked = new ArrayList<>();
  private final List<Candidate> candidates = new ArrayList<>();
  private final Set<String> tried = new HashSet<>();
  private @Nullable String lost;

  private record Candidate(CacheKey key, Stored stored) {}

  Finisher(EdgeState edge, Engine engine) {
    this.edge = edge;
    this.engine = engine;
  }

  void addKey(CacheKey key) {
    unlooked.add(key);
  }

  /** Whether some key has a record that was not tried in vain. */
  boolean knowsRecord(CacheView view) {
    for (CacheKey key : unlooked) {
      for (Stored stored : view.records(key)) {
        if (!tried.contains(stored.result().id())) {
          candidates.add(new Candidate(key, stored));
        }
      }
    }
    unlooked.clear();
    return !candidates.isEmpty();
  }

  /** Loads the best record; gives false if that is not possible, which is no failure. */
  boolean load(CacheView view) throws InterruptedException {
    Candidate best =
        candidates.stream()
            .min((a, b) -> CacheView.BEST_FIRST.compare(a.stored, b.stored))
            .orElseThrow();
    VertexContext context = edge.owner.context();
    Handover handover = new Handover();
    SharedCall<Result> load =
        new SharedCall<>(c -> handover.offer(view.load(best.key, best.stored, context.with(c))));
    try {
      Result result = load.get();
      exportable(best.key, best.stored, List::of, List.of());
      edge.owner.hub.cached(null);
      edge.complete(new SolvedEdge(result, List.of(best.key)), List.of());
      return true;
    } catch (InterruptedException e) {
      handover.abandon();
      throw e;
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      log.warn(
          "could not load the result of {} from cache {}: {}; it is made anew",
          edge.owner.vertex.name(),
          best.stored.cache(),
          cause.toString());
      edge.owner.hub.cached("failed to load cache: " + cause.getMessage());
      lost = cause.getMessage();
      tried.add(best.stored.result().id());
      candidates.removeIf(c -> tried.contains(c.stored.result().id()));
      return false;
    }
  }

  /** Runs the operation, or takes what it made for another output, and saves the result. */
  void run(String digest, List<String> leafDigests, List<DepSlot> deps)
      throws InterruptedException, SolveException {
    List<Result> inputs = new ArrayList<>();
    for (DepSlot dep : deps) {
      if (dep.result == null) {
        throw edge.owner.error("input " + dep.index + " is not there", null);
      }
      inputs.add(dep.result.result());
    }
    List<CacheKey> keys = keys(digest, leafDigests, deps);
    Outcome outcome = edge.owner.work.run(inputs, report(digest, deps, keys));
    if (edge.output >= outcome.results().size()) {
      throw edge.owner.error(
          "invalid response from exec need "
              + edge.output
              + " index but "
              + outcome.results().size()
              + " results received",
          null);
    }
    Result result = edge.owner.work.retain(outcome.results().get(edge.output));
    try {
      save(keys, result, outcome);
    } catch (SolveException | InterruptedException e) {
      result.release();
      throw e;
    }
    boolean deliver = !edge.owner.vertex.options().ignoreCache();
    edge.complete(new SolvedEdge(result, keys), deliver ? keys : List.of());
  }

  private List<CacheKey> keys(String digest, List<String> leafDigests, List<DepSlot> deps) {
    if (deps.isEmpty()) {
      return leafDigests.stream().map(d -> new CacheKey(d, edge.output, List.of())).toList();
    }
    List<List<Link>> links = deps.stream().map(DepSlot::resultLinks).toList();
    return List.of(new CacheKey(digest, edge.output, links));
  }

  private @Nullable StepReport report(String digest, List<DepSlot> deps, List<CacheKey> keys) {
    if (engine.explainer == null) {
      return null;
    }
    boolean storable = keys.stream().anyMatch(CacheKey::isStorable);
    return new StepReport(
        edge.owner,
        engine.explainer,
        digest,
        deps.stream().map(DepSlot::read).toList(),
        lost,
        storable);
  }

  private void save(List<CacheKey> keys, Result result, Outcome outcome)
      throws InterruptedException, SolveException {
    Instant createdAt = Instant.now();
    CompletableFuture<Void> durable = CompletableFuture.completedFuture(null);
    for (CacheKey key : keys) {
      try {
        Saved saved = engine.cache.save(key, result, createdAt);
        exportable(key, saved.stored(), List::of, outcome.nestedKeys());
        durable = saved.durable();
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        if (edge.wanted() == Level.NONE) {
          throw new InterruptedException(e.getMessage());
        }
        String message = "could not save the result of " + edge.owner.vertex.name() + ": " + e;
        SolveException failure = edge.owner.error(message, e);
        outcome.reportCompleted(CompletableFuture.failedFuture(failure));
        throw failure;
      }
    }
    outcome.reportCompleted(durable);
  }

  /** Tells a key what a cache export will ask. */
  void exportable(
      CacheKey key, @Nullable Stored used, Supplier<List<Stored>> records, List<CacheKey> nested) {
    key.setExport(
        new CacheKey.Export(
            edge.owner.digest,
            used,
            records,
            edge.owner.vertex.options().exportCache(),
            edge::secondary,
            nested));
  }
}
