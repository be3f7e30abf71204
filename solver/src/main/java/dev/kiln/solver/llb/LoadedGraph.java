package dev.kiln.solver.llb;

import dev.kiln.solver.Edge;
import dev.kiln.solver.Vertex;
import dev.kiln.solver.pb.Definition;
import dev.kiln.solver.pb.Mount;
import dev.kiln.solver.pb.MountType;
import dev.kiln.solver.pb.Op;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A definition as vertices.
 *
 * @param result the edge that the definition asks for
 * @param vertices everything that the result stands on, inputs before consumers
 * @param definition where it came from; its source locations are found by a vertex' client digest
 */
public record LoadedGraph(Edge result, List<Vertex> vertices, Definition definition) {
  /** Copies the list. */
  public LoadedGraph {
    vertices = List.copyOf(vertices);
  }

  /**
   * Cache mounts of steps that ignore the cache; they start empty. The key is the mount's id, the
   * value says whether the mount is based on an input.
   */
  public Map<String, Boolean> prunedCacheMounts() {
    Map<String, Boolean> pruned = new HashMap<>();
    for (Vertex vertex : vertices) {
      Op op = vertex.op();
      if (!vertex.options().ignoreCache() || !op.hasExec()) {
        continue;
      }
      for (Mount mount : op.getExec().getMountsList()) {
        if (mount.getMountType() == MountType.CACHE && mount.hasCacheOpt()) {
          String id = mount.getCacheOpt().getID();
          pruned.put(id.isEmpty() ? mount.getDest() : id, mount.getInput() != -1);
        }
      }
    }
    return pruned;
  }
}
