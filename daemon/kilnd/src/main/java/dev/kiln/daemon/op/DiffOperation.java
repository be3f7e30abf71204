package dev.kiln.daemon.op;

import dev.kiln.daemon.worker.RefResult;
import dev.kiln.snapshotter.ref.ImmutableRef;
import dev.kiln.snapshotter.ref.RefOptions;
import dev.kiln.solver.CacheMap;
import dev.kiln.solver.OpContext;
import dev.kiln.solver.Operation;
import dev.kiln.solver.Result;
import dev.kiln.solver.pb.DiffOp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes what one tree has beyond another (llb.md, section 5, Diff). */
final class DiffOperation implements Operation {
  private final DiffOp op;
  private final OpServices services;
  private final OpKeys keys;
  private final String name;

  DiffOperation(DiffOp op, OpServices services, OpKeys keys, String name) {
    this.op = op;
    this.services = services;
    this.keys = keys;
    this.name = name;
  }

  @Override
  public CacheMap cacheMap(int index, OpContext context) {
    return keys.cacheMap();
  }

  @Override
  public List<Result> run(List<Result> inputs, OpContext context) throws Exception {
    @Nullable ImmutableRef lower = tree(op.getLower().getInput(), inputs);
    @Nullable ImmutableRef upper = tree(op.getUpper().getInput(), inputs);
    return List.of(
        services
            .refs()
            .diff(lower, upper, RefOptions.described(name))
            .map(RefResult::new)
            .orElseGet(RefResult::scratch));
  }

  private static @Nullable ImmutableRef tree(long input, List<Result> inputs) {
    return input < 0 ? null : RefResult.refOf(inputs.get((int) input));
  }
}
