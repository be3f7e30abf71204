package dev.kiln.daemon.op;

import dev.kiln.solver.CacheMap;
import dev.kiln.solver.OpContext;
import dev.kiln.solver.Operation;
import dev.kiln.solver.Result;
import dev.kiln.solver.pb.FileOp;
import java.util.List;

final class FileOperation implements Operation {
  private final OpKeys keys;

  FileOperation(FileOp op, OpServices services, OpKeys keys) {
    this.keys = keys;
  }

  @Override
  public CacheMap cacheMap(int index, OpContext context) {
    return keys.cacheMap();
  }

  @Override
  public List<Result> run(List<Result> inputs, OpContext context) {
    throw new IllegalStateException();
  }
}
