package dev.kiln.registry.image;

import dev.kiln.snapshotter.content.Descriptor;
import java.util.Optional;

/**
 * One line of an index, or one answer of the referrers list.
 *
 * @param descriptor what it points at
 * @param platform what the image there runs on, if the index says so
 * @param artifactType what the manifest is used for; empty for images
 */
public record ManifestEntry(
    Descriptor descriptor, Optional<Platform> platform, String artifactType) {
  private static final String REFERENCE_TYPE = "vnd.docker.reference.type";
  private static final String REFERENCE_DIGEST = "vnd.docker.reference.digest";

  /** Whether this is no image but says something about one: provenance, a bill of materials. */
  public boolean isAttestation() {
    return descriptor.annotation(REFERENCE_TYPE) != null
        || platform.map(Platform::isUnknown).orElse(false);
  }

  /** Whether this holds the attestations of the image manifest with that digest. */
  public boolean attests(String manifestDigest) {
    return "attestation-manifest".equals(descriptor.annotation(REFERENCE_TYPE))
        && manifestDigest.equals(descriptor.annotation(REFERENCE_DIGEST));
  }
}
