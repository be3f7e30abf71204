package dev.kiln.registry.image;

/** Finds out from a manifest's bytes what it is, for registries and layouts that do not say. */
public final class ManifestSniffer {
  private ManifestSniffer() {}

  /**
   * The media type of a manifest or an index: its own claim if it makes one, else by the fields
   * that it has.
   *
   * @throws InvalidImageException if the claim and the fields disagree, or nothing tells
   */
  public static String mediaTypeOf(byte[] json) throws InvalidImageException {
    ImageJson root = ImageJson.read(json, "manifest");
    String claimed = root.text("mediaType");
    boolean list = root.has("manifests");
    boolean single = root.has("config") || root.has("layers");
    if (root.has("fsLayers")) {
      throw new InvalidImageException(
          "unsupported schema 1 manifest: push the image again with a newer tool");
    }
    if (list && single) {
      throw new InvalidImageException(
          "could not read the manifest: it has both layers and manifests");
    }
    if ((MediaTypes.isManifest(claimed) && list) || (MediaTypes.isIndex(claimed) && single)) {
      throw new InvalidImageException("could not read the manifest: it is no " + claimed);
    }
    if (!claimed.isEmpty()) {
      return claimed;
    }
    if (list) {
      return MediaTypes.OCI_INDEX;
    }
    if (single) {
      return root.child("config").text("mediaType").equals(MediaTypes.DOCKER_CONFIG)
          ? MediaTypes.DOCKER_MANIFEST
          : MediaTypes.OCI_MANIFEST;
    }
    throw new InvalidImageException(
        "could not read the manifest: it has neither layers nor manifests");
  }
}
