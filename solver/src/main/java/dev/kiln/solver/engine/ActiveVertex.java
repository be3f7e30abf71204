package dev.kiln.solver.engine;

import dev.kiln.solver.CacheKey;
import dev.kiln.solver.CacheSource;
import dev.kiln.solver.CachedResult;
import dev.kiln.solver.Cancellation;
import dev.kiln.solver.Edge;
import dev.kiln.solver.SolveException;
import dev.kiln.solver.Vertex;
import dev.kiln.solver.cache.CacheView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A vertex that some build wants. It lives from the first such build to the last, and with it its
 * results. Thread-safe; fields that say so are guarded by the graph's lock.
 */
final class ActiveVertex {
  private static final Logger log = LoggerFactory.getLogger(ActiveVertex.class);

  /** Identity among active vertices: the vertex' digest, or that of its ignoring variant. */
  final String digest;

  final Vertex vertex;
  final Graph graph;
  final VertexWork work;
  final ProgressHub hub;
  private final Engine engine;
  private final List<EdgeState> inputs;
  private final Map<Integer, EdgeState> edges = new ConcurrentHashMap<>();
  private final VertexContext context;

  /** Builds that want the vertex for themselves. Guarded by the graph's lock. */
  final Set<BuildJob> jobs = new LinkedHashSet<>();

  /** Vertices inside whose work this one is solved. Guarded by the graph's lock. */
  final Set<ActiveVertex> parents = new LinkedHashSet<>();

  /** Vertices that are solved inside the work of this one. Guarded by the graph's lock. */
  final Set<ActiveVertex> children = new LinkedHashSet<>();

  /** Guarded by the graph's lock. */
  final Map<String, CacheSource> imports = new LinkedHashMap<>();

  /** Set under the graph's lock, before the vertex is disposed of; never taken back. */
  volatile boolean released;

  private volatile CacheView view;

  private final Object cleanupLock = new Object();
  private final List<CachedResult> nested = new ArrayList<>();
  private @Nullable List<Runnable> cleanups = new ArrayList<>();

  ActiveVertex(String digest, Vertex vertex, List<EdgeState> inputs, Engine engine) {
    this.digest = digest;
    this.vertex = vertex;
    this.inputs = List.copyOf(inputs);
    this.engine = engine;
    this.graph = engine.graph;
    this.work = new VertexWork(this, engine);
    this.view = new CacheView(engine.cache, List.of());
    VertexDisplay display =
        new VertexDisplay(
            digest,
            inputs.stream().map(i -> i.owner.digest).toList(),
            vertex.name(),
            vertex.options().progressGroup());
    this.hub = new ProgressHub(display, engine.options.replayLogBytes());
    this.context = new VertexContext(this, new Cancellation());
  }

  /** The edge that input {@code index} stands on, before it may have joined a twin. */
  EdgeState input(int index) {
    return inputs.get(index);
  }

  List<EdgeState> inputs() {
    return inputs;
  }

  EdgeState edge(int output) {
    return edges.computeIfAbsent(output, o -> new EdgeState(this, o, engine));
  }

  /** The edges that were asked for so far. */
  List<EdgeState> edges() {
    return List.copyOf(edges.values());
  }

  /** The keys of an output so far; none when it was not asked for. */
  List<CacheKey> keys(int output) {
    EdgeState edge = edges.get(output);
    return edge == null ? List.of() : edge.resolve().keys();
  }

  boolean ignoresCache() {
    return vertex.options().ignoreCache();
  }

  /** The caches that this vertex looks into. */
  CacheView cacheView() {
    return view;
  }

  /** Adds caches to look into. Called under the graph's lock. */
  void addImports(Iterable<CacheSource> sources) {
    boolean isNew = false;
    for (CacheSource source : sources) {
      isNew |= imports.putIfAbsent(source.id(), source) == null;
    }
    if (isNew) {
      view = new CacheView(engine.cache, List.copyOf(imports.values()));
    }
  }

  VertexContext context() {
    return context;
  }

  SolveException error(String message, @Nullable Throwable cause) {
    return new SolveException(message, vertex, SolveException.Stage.SOLVER, -1, cause);
  }

  /** Solves a graph inside the work of this vertex. */
  CachedResult solveNested(Edge edge, Cancellation cancellation) throws SolveException {
    EdgeState top = graph.loadNested(edge, this);
    SolvedEdge solved = Waiting.forResult(top, cancellation);
    synchronized (cleanupLock) {
      nested.add(solved);
    }
    onRelease(solved::close);
    return solved;
  }

  /** The keys of what was solved inside. */
  List<CacheKey> nestedKeys() {
    synchronized (cleanupLock) {
      return nested.stream().flatMap(n -> n.keys().stream()).toList();
    }
  }

  void onRelease(Runnable cleanup) {
    synchronized (cleanupLock) {
      if (cleanups != null) {
        cleanups.add(cleanup);
        return;
      }
    }
    cleanup.run();
  }

  /** Frees what the vertex holds; called once, without locks, after it was taken from the graph. */
  void dispose() {
    for (EdgeState edge : edges.values()) {
      engine.index.remove(edge);
      edge.release();
    }
    work.release();
    List<Runnable> toRun;
    synchronized (cleanupLock) {
      toRun = cleanups == null ? List.of() : cleanups;
      cleanups = null;
    }
    for (Runnable cleanup : toRun) {
      try {
        cleanup.run();
      } catch (RuntimeException e) {
        log.warn("could not clean up after {}", vertex.name(), e);
      }
    }
  }
}
