package dev.kiln.daemon.op;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.kiln.daemon.worker.MountedRef;
import dev.kiln.daemon.worker.RefResult;
import dev.kiln.snapshotter.ref.ImmutableRef;
import dev.kiln.solver.CacheMap;
import dev.kiln.solver.CachedResult;
import dev.kiln.solver.OpContext;
import dev.kiln.solver.Operation;
import dev.kiln.solver.Result;
import dev.kiln.solver.llb.DefinitionLoader;
import dev.kiln.solver.pb.BuildInput;
import dev.kiln.solver.pb.BuildOp;
import dev.kiln.solver.pb.Definition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads a definition from a tree and solves it as a nested graph (llb.md, section 5, Build). */
final class BuildOperation implements Operation {
  private static final String DEFINITION_INPUT = "buildkit.llb.definition";
  private static final long LLB_BUILDER = -1;
  private static final long MAX_DEFINITION_BYTES = 64L << 20;

  private final BuildOp op;
  private final OpServices services;
  private final OpKeys keys;
  private final Operations.NestedLoad load;

  BuildOperation(BuildOp op, OpServices services, OpKeys keys, Operations.NestedLoad load) {
    this.op = op;
    this.services = services;
    this.keys = keys;
    this.load = load;
  }

  @Override
  public CacheMap cacheMap(int index, OpContext context) {
    return keys.cacheMap();
  }

  @Override
  public List<Result> run(List<Result> inputs, OpContext context) throws Exception {
    if (op.getBuilder() != LLB_BUILDER) {
      throw new IOException("only LLB builder is currently allowed");
    }
    BuildInput input = op.getInputsMap().get(DEFINITION_INPUT);
    if (input == null) {
      throw new IOException("no " + DEFINITION_INPUT + " input");
    }
    if (input.getInput() < 0 || input.getInput() >= inputs.size()) {
      throw new IOException("invalid index " + input.getInput());
    }
    ImmutableRef tree = RefResult.refOf(inputs.get((int) input.getInput()));
    if (tree == null) {
      throw new IOException("the input of a build op is empty: it must hold a definition");
    }
    Definition definition = read(tree);
    CachedResult result =
        context.solve(DefinitionLoader.load(definition, load.of(context)).result());
    return List.of(result.result().retain());
  }

  private Definition read(ImmutableRef tree) throws IOException {
    String name = op.getAttrsOrDefault("llbbuild.filename", DEFINITION_INPUT);
    try (MountedRef mounted = new MountedRef(tree, services.mountFolder())) {
      Path root = Path.of(mounted.path());
      Path file = dev.kiln.daemon.worker.RootedPath.resolve(root, name);
      if (Files.size(file) > MAX_DEFINITION_BYTES) {
        throw new IOException(
            "failed to open " + name + ": it is larger than " + MAX_DEFINITION_BYTES + " bytes");
      }
      return Definition.parseFrom(Files.readAllBytes(file));
    } catch (InvalidProtocolBufferException e) {
      throw new IOException("could not read a definition from " + name + ": " + e.getMessage(), e);
    }
  }

  @Override
  public Weight weight() {
    return Weight.FREE;
  }
}
