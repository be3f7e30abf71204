package dev.kiln.dockerfile.llb;

import dev.kiln.solver.pb.MergeInput;
import dev.kiln.solver.pb.MergeOp;
import dev.kiln.solver.pb.Op;
import java.util.List;

/** Files of several states above one another. */
record MergeVertex(List<Output> inputs, Constraints constraints) implements Vertex {

  @Override
  public MarshalledOp marshal(MarshalContext context) {
    Op.Builder op = context.newOp(false, null);
    MergeOp.Builder merge = MergeOp.newBuilder();
    for (int i = 0; i < inputs.size(); i++) {
      op.addInputs(context.input(inputs.get(i)));
      merge.addInputs(MergeInput.newBuilder().setInput(i));
    }
    return context.finish(op.setMerge(merge).build(), constraints.needing("mergeop"));
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
