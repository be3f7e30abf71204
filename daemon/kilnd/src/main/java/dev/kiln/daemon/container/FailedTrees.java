package dev.kiln.daemon.container;

import dev.kiln.daemon.failure.BuildFailure;
import dev.kiln.daemon.failure.ExplainedFailure;
import dev.kiln.daemon.failure.KeptTrees;
import dev.kiln.daemon.op.FileActionFailure;
import dev.kiln.snapshotter.ref.ImmutableRef;
import dev.kiln.solver.Vertex;
import dev.kiln.wire.errdefs.ContentCache;
import dev.kiln.wire.errdefs.FileAction;
import dev.kiln.wire.errdefs.Solve;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Trees of failed steps that a frontend was told of, by the ids in the error (gateway.md, section
 * 3). Safe for use by many threads.
 */
final class FailedTrees implements AutoCloseable {
  private static final int MAX_CAUSES = 64;

  private final Map<String, ImmutableRef> byId = new HashMap<>();
  private boolean closed;

  /** The tree of an id, null for an unknown one; the handle stays here. */
  synchronized @Nullable ImmutableRef find(String id) {
    return byId.get(id);
  }

  /** The failure with the op that failed and ids of its trees; the same if no step failed. */
  RuntimeException explain(RuntimeException failure) {
    BuildFailure build = find(failure, BuildFailure.class);
    Vertex vertex = build == null ? null : build.vertex();
    if (build == null || vertex == null) {
      return failure;
    }
    Solve.Builder solve =
        Solve.newBuilder().setOp(vertex.op()).putAllDescription(vertex.options().description());
    KeptTrees.Holder holder = find(build, KeptTrees.Holder.class);
    KeptTrees trees = holder == null ? null : holder.trees();
    if (trees != null) {
      KeptTrees.Handles handles = trees.retain();
      solve.addAllInputIDs(register(handles.inputs()));
      solve.addAllMountIDs(register(handles.left()));
    }
    FileActionFailure action = find(build, FileActionFailure.class);
    if (action != null) {
      solve.setFile(FileAction.newBuilder().setIndex(action.index()));
    } else if (build.contentInput() >= 0) {
      solve.setCache(ContentCache.newBuilder().setIndex(build.contentInput()));
    }
    return new ExplainedFailure(failure, solve.build());
  }

  private synchronized List<String> register(List<@Nullable ImmutableRef> refs) {
    List<String> ids = new ArrayList<>();
    for (ImmutableRef ref : refs) {
      ids.add(ref == null ? "" : ref.id());
      if (ref != null && (closed || byId.putIfAbsent(ref.id(), ref) != null)) {
        ref.close();
      }
    }
    return ids;
  }

  private static <T> @Nullable T find(Throwable failure, Class<T> type) {
    Throwable at = failure;
    for (int i = 0; at != null && i < MAX_CAUSES; i++, at = at.getCause()) {
      if (type.isInstance(at)) {
        return type.cast(at);
      }
    }
    return null;
  }

  @Override
  public synchronized void close() {
    closed = true;
    byId.values().forEach(ImmutableRef::close);
    byId.clear();
  }
}
