package dev.kiln.solver.llb;

import dev.kiln.solver.pb.ExecOp;
import dev.kiln.solver.pb.Op;
import dev.kiln.solver.pb.PassthroughOp;

/** What an op must have to be loaded (llb.md, section 3). */
final class OpRules {
  private OpRules() {}

  static void check(Op op) throws InvalidLlbException {
    switch (op.getOpCase()) {
      case EXEC -> checkExec(op.getExec());
      case FILE -> require(op.getFile().getActionsCount() > 0, "invalid file op with no actions");
      case DIFF ->
          require(
              op.getDiff().hasLower() && op.getDiff().hasUpper(),
              "invalid diff op with nil lower or upper input");
      case PASSTHROUGH -> checkPassthrough(op.getPassthrough(), op.getInputsCount());
      case SOURCE, BUILD, MERGE, OP_NOT_SET -> {}
    }
  }

  private static void checkExec(ExecOp exec) throws InvalidLlbException {
    require(exec.hasMeta(), "invalid exec op with no meta");
    require(exec.getMeta().getArgsCount() > 0, "invalid exec op with no args");
    require(exec.getMountsCount() > 0, "invalid exec op with no mounts");
    require(
        exec.getMountsList().stream().anyMatch(m -> m.getDest().equals("/")),
        "invalid exec op with no rootfs");
  }

  private static void checkPassthrough(PassthroughOp op, int inputs) throws InvalidLlbException {
    require(!op.getId().isEmpty(), "invalid passthrough op with no id");
    require(op.getOutputsCount() > 0, "invalid passthrough op with no outputs");
    for (long input : op.getOutputsList()) {
      require(
          input >= 0 && (inputs == 0 || input < inputs),
          "invalid passthrough output input index " + input);
    }
  }

  private static void require(boolean holds, String message) throws InvalidLlbException {
    if (!holds) {
      throw new InvalidLlbException(message);
    }
  }
}
