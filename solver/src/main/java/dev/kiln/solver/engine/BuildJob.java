package dev.kiln.solver.engine;

import dev.kiln.solver.CacheKey;
import dev.kiln.solver.CacheSource;
import dev.kiln.solver.CachedResult;
import dev.kiln.solver.Cancellation;
import dev.kiln.solver.Edge;
import dev.kiln.solver.Job;
import dev.kiln.solver.Operation;
import dev.kiln.solver.ProgressSink;
import dev.kiln.solver.Sha256;
import dev.kiln.solver.SolveException;
import dev.kiln.solver.Vertex;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.Consumer;

/** One build. */
final class BuildJob implements Job {
  private final String id;
  private final Engine engine;
  private final JobProgress progress;
  private final Consumer<BuildJob> onClose;
  private final Set<String> sessions = new CopyOnWriteArraySet<>();
  private final Cancellation closing = new Cancellation();
  private final Cancellation closed = new Cancellation();

  /** What this build wants. Guarded by the graph's lock. */
  final Set<ActiveVertex> vertices = new LinkedHashSet<>();

  BuildJob(
      String id, String session, ProgressSink sink, Engine engine, Consumer<BuildJob> onClose) {
    this.id = id;
    this.engine = engine;
    this.progress = new JobProgress(sink);
    this.onClose = onClose;
    addSession(session);
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public List<String> sessions() {
    return List.copyOf(sessions);
  }

  @Override
  public void addSession(String sessionId) {
    if (!sessionId.isEmpty()) {
      sessions.add(sessionId);
    }
  }

  JobProgress progress() {
    return progress;
  }

  boolean isClosed() {
    return closing.isCancelled();
  }

  @Override
  public CachedResult build(Edge edge, List<CacheSource> imports, Cancellation cancellation)
      throws SolveException {
    Cancellation either = new Cancellation();
    List<Cancellation.Registration> registrations =
        List.of(cancellation.onCancel(either::cancel), closing.onCancel(either::cancel));
    try {
      either.throwIfCancelled();
      EdgeState top = engine.graph.load(edge, this, imports);
      SolvedEdge solved = Waiting.forResult(top, either);
      awaitDurability(edge, solved);
      return solved;
    } finally {
      registrations.forEach(Cancellation.Registration::close);
    }
  }

  private void awaitDurability(Edge edge, SolvedEdge solved) throws SolveException {
    try {
      engine.cache.barrier().join();
      progress.awaitEnds();
    } catch (CompletionException | CancellationException e) {
      solved.close();
      String message = "could not record the results of " + edge.vertex().name() + ": " + e;
      throw new SolveException(message, edge.vertex(), SolveException.Stage.SOLVER, -1, e);
    }
  }

  @Override
  public Optional<Operation> operation(Vertex vertex) {
    return engine.graph.find(vertex, this).flatMap(active -> active.work.resolved());
  }

  @Override
  public List<CacheKey> keys(Edge edge) {
    return engine
        .graph
        .find(edge.vertex(), this)
        .map(active -> active.keys(edge.output()))
        .orElse(List.of());
  }

  @Override
  public <T> T inContext(String idText, String name, PseudoVertex<T> work) throws Exception {
    VertexDisplay display = new VertexDisplay(Sha256.of(idText), List.of(), name, null);
    ProgressHub hub = new ProgressHub(display, 0);
    hub.addViewer(progress);
    Instant started = hub.started();
    String error = null;
    try {
      return work.run(hub);
    } catch (Exception e) {
      error = e.getMessage() == null ? e.toString() : e.getMessage();
      throw e;
    } finally {
      hub.completed(started, Instant.now(), error);
    }
  }

  @Override
  public void onClose(Runnable cleanup) {
    var _ = closed.onCancel(cleanup);
  }

  @Override
  public void close() {
    closing.cancel();
    engine.graph.leave(this);
    onClose.accept(this);
    closed.cancel();
  }

  @Override
  public void closeProgress() {
    progress.close();
  }
}
