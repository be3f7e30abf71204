package dev.kiln.solver.engine;

import dev.kiln.solver.CacheKey.SecondaryLink;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Joins edges of different vertices that turned out to have equal keys, so that the work is done
 * once (cache-keys.md, section 2.2). An edge never joins one that waits for it. Thread-safe.
 */
final class Twins {
  private final Graph graph;

  /**
   * Whether edges at different depths were ever joined. Until then an edge waits for less deep ones
   * only, and looking for loops ends at once. Guarded by the graph's lock.
   */
  private boolean depthsMixed;

  Twins(Graph graph) {
    this.graph = graph;
  }

  /**
   * Gives the consumers of an edge to an equal one, or the reverse where that avoids running an
   * operation twice.
   *
   * @return true if the edge gave its consumers away
   */
  boolean join(EdgeState edge, EdgeState found, List<SecondaryLink> links) {
    graph.lock.lock();
    try {
      EdgeState other = found.resolve();
      if (edge.twin() != null) {
        return true;
      }
      if (other == edge || other.owner.released || edge.owner.released) {
        return false;
      }
      if (waitsFor(edge, other) || waitsFor(other, edge)) {
        return false;
      }
      boolean swap = hasGivenTo(other.owner, edge.owner) && !other.isFinished();
      EdgeState from = swap ? other : edge;
      EdgeState to = swap ? edge : other;
      if (from.owner.ignoresCache() && !to.owner.ignoresCache()) {
        return false;
      }
      depthsMixed |= from.owner.vertex.depth() != to.owner.vertex.depth();
      takeOver(from, to, swap ? List.of() : links);
      return !swap;
    } finally {
      graph.lock.unlock();
    }
  }

  private void takeOver(EdgeState from, EdgeState to, List<SecondaryLink> links) {
    for (BuildJob job : List.copyOf(from.owner.jobs)) {
      graph.addJob(to.owner, job);
      to.owner.hub.addViewer(job.progress(), from.owner.hub.display());
    }
    for (ActiveVertex parent : List.copyOf(from.owner.parents)) {
      graph.addParent(to.owner, parent);
      for (BuildJob job : graph.collectJobs(parent)) {
        to.owner.hub.addViewer(job.progress(), from.owner.hub.display());
      }
    }
    from.moveDemandsTo(to, links);
  }

  /** Whether another output of the vertex already went to the other vertex. */
  private static boolean hasGivenTo(ActiveVertex vertex, ActiveVertex other) {
    return vertex.edges().stream().anyMatch(e -> e.resolve().owner == other);
  }

  /** Whether the edge can only finish after the other, by way of inputs, twins and inner graphs. */
  private boolean waitsFor(EdgeState edge, EdgeState other) {
    if (edge.owner == other.owner) {
      return true;
    }
    Set<EdgeState> seen = new HashSet<>();
    Deque<EdgeState> toVisit = new ArrayDeque<>();
    toVisit.push(edge);
    while (!toVisit.isEmpty()) {
      EdgeState next = toVisit.pop();
      if (next == other) {
        return true;
      }
      if (!seen.add(next) || (next != edge && next.isFinished()) || cannotReach(next, other)) {
        continue;
      }
      next.owner.inputs().forEach(i -> toVisit.push(i.resolve()));
      next.owner.children.forEach(c -> c.edges().forEach(e -> toVisit.push(e.resolve())));
    }
    return false;
  }

  private boolean cannotReach(EdgeState from, EdgeState to) {
    return !depthsMixed
        && from.owner.children.isEmpty()
        && from.owner.vertex.depth() <= to.owner.vertex.depth();
  }
}
