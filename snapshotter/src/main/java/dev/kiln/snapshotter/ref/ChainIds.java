package dev.kiln.snapshotter.ref;

import dev.kiln.snapshotter.content.Digest;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Names of whole chains of layers: OCI image-spec, config.md, Layer ChainID. */
final class ChainIds {
  private ChainIds() {}

  /** The chain id of {@code layer} on a chain, or on nothing. */
  static Digest next(@Nullable Digest chain, Digest layer) {
    return chain == null
        ? layer
        : Digest.of((chain.text() + " " + layer.text()).getBytes(StandardCharsets.US_ASCII));
  }

  /** Names one layer by its blob and diff id; starts from a value that no diff id can equal. */
  static Digest nextBlob(@Nullable Digest chain, Digest blob, Digest diffId) {
    Digest layer = Digest.of(("blob " + blob + " " + diffId).getBytes(StandardCharsets.US_ASCII));
    return next(chain, layer);
  }
}
