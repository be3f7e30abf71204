package dev.kiln.registry.transfer;

import dev.kiln.registry.image.ImageConfig;
import dev.kiln.registry.image.ImageManifest;
import dev.kiln.registry.reference.ImageReference;
import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.content.Digest;
import java.util.List;

/**
 * An image of one platform, without its layers' bytes.
 *
 * @param reference what was asked for
 * @param root what the reference points at: an index, or the manifest itself
 * @param manifestDescriptor the manifest of the platform
 * @param configBytes the config as the registry holds it; not to be changed
 * @param layers the layers with their diff ids, lowest first
 */
@SuppressWarnings("ArrayRecordComponent") // read-only hand-over; never compared
public record PulledImage(
    ImageReference reference,
    Descriptor root,
    Descriptor manifestDescriptor,
    ImageManifest manifest,
    ImageConfig config,
    byte[] configBytes,
    List<Layer> layers) {

  /**
   * A layer that has not been fetched.
   *
   * @param diffId the digest of its uncompressed tar
   */
  public record Layer(Descriptor blob, Digest diffId) {}

  public PulledImage {
    layers = List.copyOf(layers);
  }
}
