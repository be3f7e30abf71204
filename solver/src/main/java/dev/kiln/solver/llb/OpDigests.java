package dev.kiln.solver.llb;

import com.google.protobuf.Message;
import dev.kiln.solver.Sha256;
import dev.kiln.solver.llb.OpKey.InputKey;
import dev.kiln.solver.pb.Op;
import java.util.Collections;
import java.util.List;

/**
 * The keys of ops that are no sources (cache-keys.md, section 4). Sources make theirs from what
 * they resolve to: {@link SourceKeys}. Stateless.
 */
public final class OpDigests {
  private OpDigests() {}

  /**
   * Makes the key of an op.
   *
   * @param op with its normalised platform; an exec with its devices resolved
   * @throws IllegalArgumentException if an index in the op points nowhere
   */
  public static OpKey of(Op op) {
    int inputs = op.getInputsCount();
    return switch (op.getOpCase()) {
      case EXEC -> ExecKey.of(op.getExec(), op.getPlatform(), inputs);
      case FILE -> FileKey.of(op.getFile(), inputs);
      case MERGE -> plain("buildkit.merge.v0", "Merge", op.getMerge(), inputs);
      case DIFF -> plain("buildkit.diff.v0", "Diff", op.getDiff(), inputs);
      case BUILD -> plain("buildkit.build.v0", "Exec", op.getBuild(), inputs);
      case PASSTHROUGH ->
          plain("buildkit.passthrough.v0", "Passthrough", op.getPassthrough(), inputs);
      case SOURCE, OP_NOT_SET ->
          throw new IllegalArgumentException("could not key an op of kind " + op.getOpCase());
    };
  }

  private static OpKey plain(String type, String name, Message op, int inputs) {
    GoJson json = new GoJson();
    json.open('{').field("Type", type).name(name).message(op).close('}');
    return key(json, Collections.nCopies(inputs, InputKey.PLAIN));
  }

  static OpKey key(GoJson json, List<InputKey> inputs) {
    String preimage = json.toString();
    return new OpKey(Sha256.of(preimage), preimage, inputs);
  }
}
