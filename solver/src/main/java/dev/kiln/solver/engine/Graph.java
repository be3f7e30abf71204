package dev.kiln.solver.engine;

import dev.kiln.solver.CacheSource;
import dev.kiln.solver.Edge;
import dev.kiln.solver.Sha256;
import dev.kiln.solver.Vertex;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * All active vertices by digest, and which build wants which. Thread-safe: one lock, never held
 * while anything is run or waited for. A build that wants a vertex wants all that the vertex stands
 * on, under their own names and those of twins that took their place.
 */
final class Graph {
  private final Engine engine;
  final ReentrantLock lock = new ReentrantLock();
  private final Map<String, ActiveVertex> actives = new HashMap<>();

  Graph(Engine engine) {
    this.engine = engine;
  }

  int size() {
    lock.lock();
    try {
      return actives.size();
    } finally {
      lock.unlock();
    }
  }

  /** Makes the vertices below an edge active for a build, and announces them there. */
  EdgeState load(Edge top, BuildJob job, List<CacheSource> imports) {
    List<Vertex> order = sorted(top.vertex());
    lock.lock();
    try {
      if (job.isClosed()) {
        throw new CancellationException("context canceled");
      }
      Map<Vertex, ActiveVertex> loaded = new HashMap<>();
      for (Vertex vertex : order) {
        ActiveVertex active = activate(vertex, loaded);
        active.addImports(imports);
        addJob(active, job);
        active.hub.addViewer(job.progress());
        showTwins(active, job);
        loaded.put(vertex, active);
      }
      return edgeOf(top, loaded);
    } finally {
      lock.unlock();
    }
  }

  /** Makes the vertices below an edge active inside the work of a vertex. */
  EdgeState loadNested(Edge top, ActiveVertex parent) {
    List<Vertex> order = sorted(top.vertex());
    lock.lock();
    try {
      if (parent.released) {
        throw new CancellationException("context canceled");
      }
      Set<BuildJob> jobs = collectJobs(parent);
      Map<Vertex, ActiveVertex> loaded = new HashMap<>();
      for (Vertex vertex : order) {
        ActiveVertex active = activate(vertex, loaded);
        active.addImports(parent.imports.values());
        active.parents.add(parent);
        parent.children.add(active);
        for (BuildJob job : jobs) {
          active.hub.addViewer(job.progress());
        }
        for (EdgeState edge : active.edges()) {
          addParent(edge.resolve().owner, parent);
        }
        loaded.put(vertex, active);
      }
      return edgeOf(top, loaded);
    } finally {
      lock.unlock();
    }
  }

  /**
   * A vertex that ignores the cache never joins one that does not, the reverse is fine; it then
   * lives beside it under a digest of its own.
   */
  private ActiveVertex activate(Vertex vertex, Map<Vertex, ActiveVertex> loaded) {
    String digest = vertex.digest();
    String ignoring = ignoring(digest);
    ActiveVertex active = actives.get(ignoring);
    if (active == null) {
      active = actives.get(digest);
      if (active != null && vertex.options().ignoreCache() && !active.ignoresCache()) {
        digest = ignoring;
        active = null;
      }
    }
    if (active == null) {
      List<EdgeState> inputs = new ArrayList<>();
      for (Edge input : vertex.inputs()) {
        inputs.add(edgeOf(input, loaded));
      }
      active = new ActiveVertex(digest, vertex, inputs, engine);
      actives.put(digest, active);
    }
    return active;
  }

  private static EdgeState edgeOf(Edge edge, Map<Vertex, ActiveVertex> loaded) {
    return Objects.requireNonNull(loaded.get(edge.vertex())).edge(edge.output());
  }

  /** Everything below a vertex, inputs first. */
  private static List<Vertex> sorted(Vertex top) {
    List<Vertex> order = new ArrayList<>();
    Map<Vertex, Boolean> done = new HashMap<>();
    Deque<Vertex> stack = new ArrayDeque<>();
    stack.push(top);
    while (!stack.isEmpty()) {
      Vertex next = stack.peek();
      Boolean state = done.get(next);
      if (state == null) {
        done.put(next, false);
        List<Edge> inputs = next.inputs();
        for (int i = inputs.size() - 1; i >= 0; i--) {
          if (!done.containsKey(inputs.get(i).vertex())) {
            stack.push(inputs.get(i).vertex());
          }
        }
      } else {
        stack.pop();
        if (!state) {
          done.put(next, true);
          order.add(next);
        }
      }
    }
    return order;
  }

  /** Adds a build to a vertex and to all that it stands on. Called under the lock. */
  void addJob(ActiveVertex start, BuildJob job) {
    Deque<ActiveVertex> toVisit = new ArrayDeque<>();
    toVisit.push(start);
    while (!toVisit.isEmpty()) {
      ActiveVertex active = toVisit.pop();
      if (active.jobs.add(job)) {
        job.vertices.add(active);
        active.work.wantedBy(job);
        below(active).forEach(toVisit::push);
      }
    }
  }

  /** The same for a vertex inside whose work this is solved. Called under the lock. */
  void addParent(ActiveVertex start, ActiveVertex parent) {
    Deque<ActiveVertex> toVisit = new ArrayDeque<>();
    toVisit.push(start);
    while (!toVisit.isEmpty()) {
      ActiveVertex active = toVisit.pop();
      if (active != parent && active.parents.add(parent)) {
        parent.children.add(active);
        below(active).forEach(toVisit::push);
      }
    }
  }

  /** Inputs, and the twins that took the place of edges. */
  private static List<ActiveVertex> below(ActiveVertex active) {
    List<ActiveVertex> below = new ArrayList<>();
    for (EdgeState input : active.inputs()) {
      below.add(input.owner);
    }
    for (EdgeState edge : active.edges()) {
      EdgeState twin = edge.twin();
      if (twin != null) {
        below.add(twin.owner);
      }
    }
    return below;
  }

  /** What twins do shows in the build under the vertex' own name. */
  private void showTwins(ActiveVertex active, BuildJob job) {
    for (EdgeState edge : active.edges()) {
      if (edge.twin() != null) {
        addJob(edge.resolve().owner, job);
        edge.resolve().owner.hub.addViewer(job.progress(), active.hub.display());
      }
    }
  }

  /** Builds that want a vertex, for themselves or for what is solved around it. */
  Collection<BuildJob> jobsOf(ActiveVertex active) {
    lock.lock();
    try {
      return collectJobs(active);
    } finally {
      lock.unlock();
    }
  }

  Set<BuildJob> collectJobs(ActiveVertex start) {
    Set<BuildJob> jobs = new LinkedHashSet<>();
    Set<ActiveVertex> seen = new LinkedHashSet<>();
    Deque<ActiveVertex> toVisit = new ArrayDeque<>();
    toVisit.add(start);
    while (!toVisit.isEmpty()) {
      ActiveVertex active = toVisit.remove();
      if (seen.add(active)) {
        jobs.addAll(active.jobs);
        toVisit.addAll(active.parents);
      }
    }
    return jobs;
  }

  List<String> sessionsOf(ActiveVertex active) {
    return jobsOf(active).stream().flatMap(j -> j.sessions().stream()).distinct().toList();
  }

  /** On whose behalf the vertex takes its turn; never empty. */
  Collection<?> partiesOf(ActiveVertex active) {
    Collection<BuildJob> jobs = jobsOf(active);
    return jobs.isEmpty() ? List.of(active) : jobs;
  }

  /** Takes a build off all its vertices and frees those that nobody wants any more. */
  void leave(BuildJob job) {
    List<ActiveVertex> freed = new ArrayList<>();
    lock.lock();
    try {
      Deque<ActiveVertex> toCheck = new ArrayDeque<>();
      for (ActiveVertex active : job.vertices) {
        active.jobs.remove(job);
        active.hub.removeViewer(job.progress());
        toCheck.add(active);
      }
      job.vertices.clear();
      while (!toCheck.isEmpty()) {
        ActiveVertex active = toCheck.remove();
        if (active.jobs.isEmpty() && active.parents.isEmpty() && !active.released) {
          toCheck.addAll(free(active));
          freed.add(active);
        }
      }
    } finally {
      lock.unlock();
    }
    freed.forEach(ActiveVertex::dispose);
  }

  private Set<ActiveVertex> free(ActiveVertex active) {
    active.released = true;
    actives.remove(active.digest, active);
    for (ActiveVertex child : active.children) {
      child.parents.remove(active);
    }
    return active.children;
  }

  /** The active vertex that a build has for a vertex of one of its graphs. */
  Optional<ActiveVertex> find(Vertex vertex, BuildJob job) {
    lock.lock();
    try {
      for (String digest : List.of(ignoring(vertex.digest()), vertex.digest())) {
        ActiveVertex active = actives.get(digest);
        if (active != null && active.jobs.contains(job)) {
          return Optional.of(active);
        }
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private static String ignoring(String digest) {
    return Sha256.of(digest + "-ignorecache");
  }

  /** The active vertex of that identity, for tests. */
  @Nullable ActiveVertex find(String digest) {
    lock.lock();
    try {
      return actives.get(digest);
    } finally {
      lock.unlock();
    }
  }
}
