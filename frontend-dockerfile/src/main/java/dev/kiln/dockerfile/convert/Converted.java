package dev.kiln.dockerfile.convert;

import dev.kiln.dockerfile.image.ImageConfig;
import dev.kiln.dockerfile.llb.Platform;
import dev.kiln.dockerfile.llb.State;
import java.time.OffsetDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Dockerfile as LLB.
 *
 * @param state the target's files
 * @param platform of operations that name none
 * @param image config of the target
 * @param baseImage config of the image that the target stands on, as it was found; null if there is
 *     none
 * @param epoch time that the build's results shall carry, or null
 * @param scanExtras files to scan for an SBOM beside the target's: stages and the context, by name
 * @param ignoresCache true if something that would be scanned must not come from the cache
 */
public record Converted(
    State state,
    Platform platform,
    ImageConfig image,
    @Nullable ImageConfig baseImage,
    @Nullable OffsetDateTime epoch,
    Map<String, State> scanExtras,
    boolean ignoresCache) {

  public Converted {
    scanExtras = Map.copyOf(scanExtras);
  }
}
