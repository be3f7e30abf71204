package dev.kiln.daemon.export.image;

import dev.kiln.registry.image.MediaTypes;
import dev.kiln.snapshotter.content.Descriptor;
import java.util.Map;
import java.util.TreeMap;

/** Layer descriptors in the media types that a manifest is written in. Stateless. */
public final class LayerTypes {
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

  private LayerTypes() {}

  /** The descriptor as a manifest shows it, without what is only for this daemon. */
  static Descriptor of(Descriptor layer, boolean oci) {
    String mediaType =
        (oci ? TO_OCI : TO_DOCKER).getOrDefault(layer.mediaType(), layer.mediaType());
    Map<String, String> kept = oci ? withoutInternal(layer).annotations() : Map.of();
    return new Descriptor(mediaType, layer.digest(), layer.size(), kept);
  }

  /** The descriptor without annotations that are only for this daemon. */
  public static Descriptor withoutInternal(Descriptor layer) {
    Map<String, String> kept = new TreeMap<>();
    layer
        .annotations()
        .forEach(
            (key, value) -> {
              if (!isInternal(key)) {
                kept.put(key, value);
              }
            });
    return new Descriptor(layer.mediaType(), layer.digest(), layer.size(), kept);
  }

  private static boolean isInternal(String key) {
    return key.equals("containerd.io/uncompressed")
        || key.equals("buildkit/createdat")
        || key.equals("buildkit/description")
        || key.startsWith("containerd.io/distribution.source.");
  }
}
