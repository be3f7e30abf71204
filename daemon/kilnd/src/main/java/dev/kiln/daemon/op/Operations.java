package dev.kiln.daemon.op;

import dev.kiln.daemon.source.Sources;
import dev.kiln.solver.OpContext;
import dev.kiln.solver.Operation;
import dev.kiln.solver.OperationResolver;
import dev.kiln.solver.Vertex;
import dev.kiln.solver.llb.LoadOptions;
import dev.kiln.solver.pb.Op;
import java.io.IOException;

/** Finds the operation of each kind of op. Safe for use by many threads. */
public final class Operations implements OperationResolver {
  private final OpServices services;
  private final Sources sources;
  private final NestedLoad nestedLoad;

  /** How definitions that a build op reads are loaded. */
  @FunctionalInterface
  public interface NestedLoad {
    /** The options for a definition that a vertex solves now. */
    LoadOptions of(OpContext context);
  }

  public Operations(OpServices services, Sources sources, NestedLoad nestedLoad) {
    this.services = services;
    this.sources = sources;
    this.nestedLoad = nestedLoad;
  }

  @Override
  public Operation resolve(Vertex vertex) throws IOException {
    Op op = vertex.op();
    if (op.hasSource()) {
      return sources.open(op.getSource(), op.getPlatform());
    }
    OpKeys keys = new OpKeys(op, services.hashes(), services.mountFolder());
    return switch (op.getOpCase()) {
      case EXEC -> new ExecOperation(op.getExec(), services, keys);
      case FILE -> new FileOperation(op.getFile(), services, keys);
      case MERGE -> new MergeOperation(op.getMerge(), services, keys, vertex.name());
      case DIFF -> new DiffOperation(op.getDiff(), services, keys, vertex.name());
      case BUILD -> new BuildOperation(op.getBuild(), services, keys, nestedLoad);
      case PASSTHROUGH -> new PassthroughOperation(op.getPassthrough(), keys);
      case SOURCE, OP_NOT_SET ->
          throw new IOException("could not find the operation of " + vertex.name());
    };
  }
}
