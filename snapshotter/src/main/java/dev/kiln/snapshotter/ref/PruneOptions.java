package dev.kiln.snapshotter.ref;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to remove. All sizes are in bytes; 0 means "not set".
 *
 * @param filters alternatives, each in containerd's filter grammar; empty matches everything
 * @param all also remove internal and frontend records
 * @param keepDuration keep what was used within this time, or null
 * @param reservedSpace never go below this total
 * @param maxUsedSpace go down to this total
 * @param minFreeSpace leave at least this much of the disk free
 */
public record PruneOptions(
    List<String> filters,
    boolean all,
    @Nullable Duration keepDuration,
    long reservedSpace,
    long maxUsedSpace,
    long minFreeSpace) {
  public PruneOptions {
    filters = List.copyOf(filters);
  }

  /** Removes everything that is not in use. */
  public static PruneOptions everything() {
    return new PruneOptions(List.of(), true, null, 0, 0, 0);
  }
}
