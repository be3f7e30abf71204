package dev.kiln.solver.engine;

import dev.kiln.solver.CachedResult;
import dev.kiln.solver.Cancellation;
import dev.kiln.solver.Edge;
import dev.kiln.solver.Job;
import dev.kiln.solver.OpContext;
import dev.kiln.solver.SolveException;
import dev.kiln.solver.Vertex;
import dev.kiln.solver.VertexProgress;
import java.util.List;

/** What operations see of their vertex. */
record VertexContext(ActiveVertex active, Cancellation cancellation) implements OpContext {
  VertexContext with(Cancellation other) {
    return new VertexContext(active, other);
  }

  @Override
  public Vertex vertex() {
    return active.vertex;
  }

  @Override
  public List<String> sessions() {
    return active.graph.sessionsOf(active);
  }

  @Override
  public List<Job> jobs() {
    return List.copyOf(active.graph.jobsOf(active));
  }

  @Override
  public VertexProgress progress() {
    return active.hub;
  }

  @Override
  public CachedResult solve(Edge edge) throws SolveException {
    return active.solveNested(edge, cancellation);
  }

  @Override
  public void onRelease(Runnable cleanup) {
    active.onRelease(cleanup);
  }
}
