package dev.kiln.daemon.op;

import dev.kiln.daemon.worker.RefResult;
import dev.kiln.snapshotter.ref.ImmutableRef;
import dev.kiln.snapshotter.ref.RefOptions;
import dev.kiln.solver.CacheMap;
import dev.kiln.solver.OpContext;
import dev.kiln.solver.Operation;
import dev.kiln.solver.Result;
import dev.kiln.solver.pb.MergeInput;
import dev.kiln.solver.pb.MergeOp;
import java.util.ArrayList;
import java.util.List;

/** Lays trees over each other (llb.md, section 5, Merge). */
final class MergeOperation implements Operation {
  private final MergeOp op;
  private final OpServices services;
  private final OpKeys keys;
  private final String name;

  MergeOperation(MergeOp op, OpServices services, OpKeys keys, String name) {
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
    List<ImmutableRef> trees = new ArrayList<>();
    for (MergeInput input : op.getInputsList()) {
      ImmutableRef tree = RefResult.refOf(inputs.get((int) input.getInput()));
      if (tree != null) {
        trees.add(tree);
      }
    }
    if (trees.isEmpty()) {
      return List.of(RefResult.scratch());
    }
    return List.of(new RefResult(services.refs().merge(trees, RefOptions.described(name))));
  }

  @Override
  public Weight weight() {
    return Weight.FREE;
  }
}
