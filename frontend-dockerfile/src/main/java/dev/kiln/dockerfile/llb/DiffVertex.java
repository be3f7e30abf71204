package dev.kiln.dockerfile.llb;

import dev.kiln.solver.pb.DiffOp;
import dev.kiln.solver.pb.LowerDiffInput;
import dev.kiln.solver.pb.Op;
import dev.kiln.solver.pb.UpperDiffInput;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The changes between the files of two states; an upper one that is null is empty. */
final class DiffVertex implements Vertex {

  private final Output lower;
  private final @Nullable Output upper;
  private final Constraints constraints;

  DiffVertex(Output lower, @Nullable Output upper, Constraints constraints) {
    this.lower = lower;
    this.upper = upper;
    this.constraints = constraints.needing("diffop");
  }

  @Override
  public List<Output> inputs() {
    return upper == null ? List.of(lower) : List.of(lower, upper);
  }

  @Override
  public MarshalledOp marshal(MarshalContext context) {
    Op.Builder op = context.newOp(false, null).addInputs(context.input(lower));
    if (upper != null) {
      op.addInputs(context.input(upper));
    }
    op.setDiff(
        DiffOp.newBuilder()
            .setLower(LowerDiffInput.newBuilder().setInput(0))
            .setUpper(UpperDiffInput.newBuilder().setInput(upper == null ? -1 : 1)));
    return context.finish(op.build(), constraints);
  }
}
