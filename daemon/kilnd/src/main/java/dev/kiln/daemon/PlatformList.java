package dev.kiln.daemon;

import dev.kiln.solver.llb.Platforms;
import dev.kiln.solver.pb.Platform;
import java.util.List;
import java.util.function.Supplier;

/** The platforms whose programs can run here. */
final class PlatformList implements Supplier<List<Platform>> {
  private final List<Platform> platforms;

  private PlatformList(List<Platform> platforms) {
    this.platforms = platforms;
  }

  /**
   * The configured platforms, or those that the machine can run.
   *
   * @param configured as texts; empty means to find out
   */
  static PlatformList of(List<String> configured) {
    if (configured.isEmpty()) {
      return new PlatformList(List.of(Platforms.local()));
    }
    return new PlatformList(
        configured.stream()
            .map(dev.kiln.registry.image.Platform::parse)
            .map(
                each ->
                    Platform.newBuilder()
                        .setOS(each.os())
                        .setArchitecture(each.architecture())
                        .setVariant(each.variant())
                        .build())
            .toList());
  }

  @Override
  public List<Platform> get() {
    return platforms;
  }
}
