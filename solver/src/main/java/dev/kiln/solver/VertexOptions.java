package dev.kiln.solver;

import dev.kiln.solver.pb.LinuxResources;
import dev.kiln.solver.pb.ProgressGroup;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client says about a vertex without changing its identity.
 *
 * @param ignoreCache run the vertex even where a result is known
 * @param exportCache false keeps the vertex' results out of exported caches; null when unset
 * @param description texts such as {@code llb.customname}
 * @param progressGroup how clients fold this vertex with others; display only
 * @param linuxResources limits of an exec; no part of any key
 */
public record VertexOptions(
    boolean ignoreCache,
    @Nullable Boolean exportCache,
    Map<String, String> description,
    @Nullable ProgressGroup progressGroup,
    @Nullable LinuxResources linuxResources) {

  /** Options of a vertex about which nothing was said. */
  public static final VertexOptions NONE = new VertexOptions(false, null, Map.of(), null, null);

  /** Copies the description. */
  public VertexOptions {
    description = Map.copyOf(description);
  }
}
