package dev.kiln.registry.image;

import dev.kiln.snapshotter.content.Descriptor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A list of manifests: OCI image-spec, image-index.md, or Docker's manifest list. Fields that it
 * does not know are ignored.
 *
 * @param mediaType its own media type; empty if it does not say
 * @param artifactType empty for images
 * @param manifests in the index's order
 * @param subject the manifest that this index is about
 */
public record ImageIndex(
    String mediaType,
    String artifactType,
    List<ManifestEntry> manifests,
    Optional<Descriptor> subject,
    Map<String, String> annotations) {

  public ImageIndex {
    manifests = List.copyOf(manifests);
    annotations = Map.copyOf(annotations);
  }

  /**
   * Reads the JSON form.
   *
   * @throws InvalidImageException if it is no JSON or lacks what an index must have
   */
  public static ImageIndex parse(byte[] json) throws InvalidImageException {
    ImageJson root = ImageJson.read(json, "image index");
    return new ImageIndex(
        root.text("mediaType"),
        root.text("artifactType"),
        root.entries("manifests"),
        root.optionalDescriptor("subject"),
        root.texts("annotations"));
  }

  /** The attestation manifests that belong to the image manifest with that digest. */
  public List<ManifestEntry> attestationsOf(String manifestDigest) {
    return manifests.stream().filter(entry -> entry.attests(manifestDigest)).toList();
  }
}
