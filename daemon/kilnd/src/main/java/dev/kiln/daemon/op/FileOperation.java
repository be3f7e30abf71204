package dev.kiln.daemon.op;

import dev.kiln.daemon.failure.KeptTrees;
import dev.kiln.daemon.worker.RefResult;
import dev.kiln.snapshotter.ref.ImmutableRef;
import dev.kiln.solver.CacheMap;
import dev.kiln.solver.OpContext;
import dev.kiln.solver.Operation;
import dev.kiln.solver.Result;
import dev.kiln.solver.pb.FileAction;
import dev.kiln.solver.pb.FileOp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Changes trees by file actions (llb.md, section 5, File). */
final class FileOperation implements Operation {
  private final FileOp op;
  private final OpServices services;
  private final OpKeys keys;

  FileOperation(FileOp op, OpServices services, OpKeys keys) {
    this.op = op;
    this.services = services;
    this.keys = keys;
  }

  @Override
  public CacheMap cacheMap(int index, OpContext context) {
    return keys.cacheMap();
  }

  @Override
  public List<Result> run(List<Result> inputs, OpContext context) throws Exception {
    List<@Nullable ImmutableRef> trees = new ArrayList<>();
    inputs.forEach(input -> trees.add(RefResult.refOf(input)));
    Map<Integer, Integer> outputs = outputs();
    try (FileTrees states = new FileTrees(services, trees, description(context))) {
      for (int i = 0; i < op.getActionsCount(); i++) {
        FileAction action = op.getActions(i);
        try {
          FileActions.apply(action, states);
          states.done(action.getInput(), i, action.getOutput() >= 0);
        } catch (IOException | IllegalArgumentException e) {
          KeptTrees kept = states.keep(action, i, op.getActionsCount());
          context.onRelease(kept::release);
          throw new FileActionFailure(i, e, kept);
        }
      }
      return results(states, outputs);
    }
  }

  private static String description(OpContext context) {
    return context.vertex().name();
  }

  /** Which action gives which output. */
  private Map<Integer, Integer> outputs() throws IOException {
    Map<Integer, Integer> outputs = new TreeMap<>();
    for (int i = 0; i < op.getActionsCount(); i++) {
      long output = op.getActions(i).getOutput();
      if (output >= 0) {
        outputs.put((int) output, i);
      }
    }
    if (outputs.isEmpty()) {
      throw new IOException("no outputs specified");
    }
    for (int i = 0; i < outputs.size(); i++) {
      if (!outputs.containsKey(i)) {
        throw new IOException("missing output index " + i);
      }
    }
    return outputs;
  }

  private static List<Result> results(FileTrees states, Map<Integer, Integer> outputs) {
    List<Result> results = new ArrayList<>();
    for (int action : outputs.values()) {
      ImmutableRef ref = states.committed(action);
      results.add(new RefResult(ref.retain()));
    }
    return results;
  }
}
