package dev.kiln.daemon.cache.exports;

import dev.kiln.daemon.export.image.ManifestJson;
import dev.kiln.registry.image.MediaTypes;
import dev.kiln.snapshotter.content.Descriptor;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The document that names a cache's blobs and its config: an image manifest, or a list
 * (exporters-and-cache.md, section 4.1).
 *
 * @param ociTypes OCI media types, else Docker's
 * @param imageManifest an image manifest, else a list
 */
record CacheManifest(boolean ociTypes, boolean imageManifest) {
  private static final Map<String, String> TO_DOCKER =
      Map.of(
          MediaTypes.OCI_LAYER, MediaTypes.DOCKER_LAYER,
          MediaTypes.OCI_LAYER_GZIP, MediaTypes.DOCKER_LAYER_GZIP,
          MediaTypes.OCI_LAYER_ZSTD, MediaTypes.DOCKER_LAYER_ZSTD);
  private static final Map<String, String> TO_OCI =
      Map.of(
          MediaTypes.DOCKER_LAYER, MediaTypes.OCI_LAYER,
          MediaTypes.DOCKER_LAYER_GZIP, MediaTypes.OCI_LAYER_GZIP,
          MediaTypes.DOCKER_LAYER_ZSTD, MediaTypes.OCI_LAYER_ZSTD);

  CacheManifest {
    if (imageManifest && !ociTypes) {
      throw new IllegalArgumentException(
          "invalid configuration for remote cache, OCI mediatypes are required for image-manifest"
              + " cache format");
    }
  }

  /** The media type of the document. */
  String mediaType() {
    if (imageManifest) {
      return MediaTypes.OCI_MANIFEST;
    }
    return ociTypes ? MediaTypes.OCI_INDEX : MediaTypes.DOCKER_LIST;
  }

  /** What the document is called in progress. */
  String name() {
    return imageManifest ? "cache image manifest" : "cache manifest";
  }

  /** The document, compact as stock daemons write it. */
  byte[] write(List<Descriptor> layers, Descriptor config) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("schemaVersion", 2);
    root.put("mediaType", mediaType());
    if (imageManifest) {
      root.set("config", ManifestJson.descriptor(config, null));
    }
    ArrayNode list = root.putArray(imageManifest ? "layers" : "manifests");
    layers.forEach(layer -> list.add(ManifestJson.descriptor(converted(layer), null)));
    if (!imageManifest) {
      list.add(ManifestJson.descriptor(config, null));
    }
    return ManifestJson.compact(root);
  }

  private Descriptor converted(Descriptor layer) {
    Map<String, String> types = ociTypes ? TO_OCI : TO_DOCKER;
    return layer.withMediaType(types.getOrDefault(layer.mediaType(), layer.mediaType()));
  }
}
