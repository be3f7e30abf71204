package dev.kiln.registry.image;

import dev.kiln.snapshotter.content.Descriptor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The manifest of one image or artifact: OCI image-spec, manifest.md, or Docker's schema 2. Fields
 * that it does not know are ignored.
 *
 * @param mediaType its own media type; empty if it does not say
 * @param artifactType empty for images
 * @param config the config blob
 * @param layers the layers, lowest first
 * @param subject the manifest that this one is about
 */
public record ImageManifest(
    String mediaType,
    String artifactType,
    Descriptor config,
    List<Descriptor> layers,
    Optional<Descriptor> subject,
    Map<String, String> annotations) {

  public ImageManifest {
    layers = List.copyOf(layers);
    annotations = Map.copyOf(annotations);
  }

  /**
   * Reads the JSON form.
   *
   * @throws InvalidImageException if it is no JSON or lacks what a manifest must have
   */
  public static ImageManifest parse(byte[] json) throws InvalidImageException {
    ImageJson root = ImageJson.read(json, "image manifest");
    return new ImageManifest(
        root.text("mediaType"),
        root.text("artifactType"),
        root.descriptor("config"),
        root.descriptors("layers"),
        root.optionalDescriptor("subject"),
        root.texts("annotations"));
  }
}
