package dev.kiln.dockerfile.llb;

import dev.kiln.solver.pb.LinuxResources;
import dev.kiln.solver.pb.OpMetadata;
import dev.kiln.solver.pb.ProgressGroup;
import dev.kiln.solver.pb.Range;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is said about an operation beside what it does: its platform, its name, where it comes from,
 * which features of the daemon it needs. Immutable; every method that changes something returns a
 * new value.
 *
 * @param platform or null for the platform of the state or of the whole graph
 */
public record Constraints(
    @Nullable Platform platform, OpMetadata metadata, List<SourceLocation> locations) {

  /** Nothing said. */
  public static final Constraints NONE =
      new Constraints(null, OpMetadata.getDefaultInstance(), List.of());

  public Constraints {
    locations = List.copyOf(locations);
  }

  /** The name that clients show. */
  public static Constraints named(String name) {
    return NONE.withName(name);
  }

  /** The same with the name that clients show. */
  public Constraints withName(String name) {
    return withDescription("llb.customname", name);
  }

  /** The same with one more description. */
  public Constraints withDescription(String key, String value) {
    return with(metadata.toBuilder().putDescription(key, value).build());
  }

  /** The same on a platform. */
  public Constraints on(@Nullable Platform newPlatform) {
    return new Constraints(newPlatform, metadata, locations);
  }

  /** The same, never answered from the cache. */
  public Constraints ignoringCache() {
    return with(metadata.toBuilder().setIgnoreCache(true).build());
  }

  /**
   * The same, shown as part of a group.
   *
   * @param weak true if the vertex does not show by itself
   */
  public Constraints inGroup(String id, String name, boolean weak) {
    return with(
        metadata.toBuilder()
            .setProgressGroup(ProgressGroup.newBuilder().setId(id).setName(name).setWeak(weak))
            .build());
  }

  /** The same with limits for its process. */
  public Constraints limitedTo(LinuxResources resources) {
    return with(metadata.toBuilder().setLinuxResources(resources).build());
  }

  /** The same, located in a file. */
  public Constraints at(SourceMap map, List<Range> ranges) {
    List<SourceLocation> more = new ArrayList<>(locations);
    more.add(new SourceLocation(map, ranges));
    return new Constraints(platform, metadata, more);
  }

  Constraints needing(String... capabilities) {
    OpMetadata.Builder builder = metadata.toBuilder();
    for (String capability : capabilities) {
      builder.putCaps(capability, true);
    }
    return with(builder.build());
  }

  private Constraints with(OpMetadata newMetadata) {
    return new Constraints(platform, newMetadata, locations);
  }
}
