package dev.kiln.solver.llb;

import dev.kiln.solver.Edge;
import dev.kiln.solver.pb.FileAction;
import dev.kiln.solver.pb.Op;
import java.util.List;
import java.util.stream.Collectors;

/** Names of vertices that the client did not name (llb.md, section 2). */
final class OpNames {
  /** Names nest; a chain of thousands of merges must not cost memory by its square. */
  private static final int MAX_CHARS = 2000;

  private OpNames() {}

  static String of(Op op, List<Edge> inputs) throws InvalidLlbException {
    String name =
        switch (op.getOpCase()) {
          case SOURCE -> op.getSource().getIdentifier();
          case EXEC -> String.join(" ", op.getExec().getMeta().getArgsList());
          case FILE ->
              op.getFile().getActionsList().stream()
                  .map(OpNames::action)
                  .filter(a -> !a.isEmpty())
                  .collect(Collectors.joining(", "));
          case BUILD -> "build";
          case MERGE ->
              inputs.stream()
                  .map(i -> i.vertex().name())
                  .collect(Collectors.joining(", ", "merge (", ")"));
          case DIFF ->
              "diff "
                  + side(op.getDiff().getLower().getInput(), inputs)
                  + " -> "
                  + side(op.getDiff().getUpper().getInput(), inputs);
          case PASSTHROUGH -> "passthrough " + op.getPassthrough().getId();
          case OP_NOT_SET -> "unknown";
        };
    boolean nested = op.hasMerge() || op.hasDiff();
    return nested && name.length() > MAX_CHARS ? name.substring(0, MAX_CHARS) + "..." : name;
  }

  private static String side(long input, List<Edge> inputs) throws InvalidLlbException {
    if (input == -1) {
      return "scratch";
    }
    if (input < 0 || input >= inputs.size()) {
      throw new InvalidLlbException("invalid diff input index " + input);
    }
    return "(" + inputs.get((int) input).vertex().name() + ")";
  }

  private static String action(FileAction action) {
    return switch (action.getActionCase()) {
      case MKDIR -> "mkdir " + action.getMkdir().getPath();
      case MKFILE -> "mkfile " + action.getMkfile().getPath();
      case SYMLINK ->
          "symlink " + action.getSymlink().getNewpath() + " -> " + action.getSymlink().getOldpath();
      case RM -> "rm " + action.getRm().getPath();
      case COPY -> "copy " + action.getCopy().getSrc() + " " + action.getCopy().getDest();
      case ACTION_NOT_SET -> "";
    };
  }
}
