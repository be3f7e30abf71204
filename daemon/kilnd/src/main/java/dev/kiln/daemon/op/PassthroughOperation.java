package dev.kiln.daemon.op;

import dev.kiln.solver.CacheMap;
import dev.kiln.solver.OpContext;
import dev.kiln.solver.Operation;
import dev.kiln.solver.Result;
import dev.kiln.solver.pb.PassthroughOp;
import java.util.ArrayList;
import java.util.List;

/** Hands inputs on under other output numbers; does no work. */
final class PassthroughOperation implements Operation {
  private final PassthroughOp op;
  private final OpKeys keys;

  PassthroughOperation(PassthroughOp op, OpKeys keys) {
    this.op = op;
    this.keys = keys;
  }

  @Override
  public CacheMap cacheMap(int index, OpContext context) {
    return keys.cacheMap();
  }

  @Override
  public List<Result> run(List<Result> inputs, OpContext context) {
    List<Result> outputs = new ArrayList<>();
    for (long input : op.getOutputsList()) {
      outputs.add(inputs.get((int) input).retain());
    }
    return outputs;
  }

  @Override
  public Weight weight() {
    return Weight.FREE;
  }
}
