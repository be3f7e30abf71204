package dev.kiln.solver.engine;

import dev.kiln.solver.OperationResolver;
import dev.kiln.solver.SolverOptions;
import dev.kiln.solver.cache.LocalCache;
import org.jspecify.annotations.Nullable;

/** What the parts of one solver share. */
final class Engine {
  final OperationResolver resolver;
  final LocalCache cache;
  final SolverOptions options;
  final FairLimiter limiter;
  final FairLimiter unlimited = new FairLimiter(0);
  final EdgeIndex index = new EdgeIndex();
  final Graph graph = new Graph(this);
  final Twins twins = new Twins(graph);

  /** Tells why steps run; null if nobody wants to know. */
  final StepReport.@Nullable Explainer explainer;

  Engine(
      OperationResolver resolver,
      LocalCache cache,
      SolverOptions options,
      StepReport.@Nullable Explainer explainer) {
    this.explainer = explainer;
    this.resolver = resolver;
    this.cache = cache;
    this.options = options;
    this.limiter = new FairLimiter(options.maxParallelism());
  }
}
