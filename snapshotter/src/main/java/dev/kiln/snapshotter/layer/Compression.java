package dev.kiln.snapshotter.layer;

/** How a layer's tar is compressed. */
public enum Compression {
  UNCOMPRESSED("uncompressed", "application/vnd.oci.image.layer.v1.tar"),
  GZIP("gzip", "application/vnd.oci.image.layer.v1.tar+gzip"),
  ESTARGZ("estargz", "application/vnd.oci.image.layer.v1.tar+gzip"),
  ZSTD("zstd", "application/vnd.oci.image.layer.v1.tar+zstd");

  private final String text;
  private final String mediaType;

  Compression(String text, String mediaType) {
    this.text = text;
    this.mediaType = mediaType;
  }

  /** The name used in exporter attributes. */
  public String text() {
    return text;
  }

  /** The OCI media type of such a layer. */
  public String mediaType() {
    return mediaType;
  }

  /**
   * The compression named in an exporter attribute.
   *
   * @throws IllegalArgumentException for an unknown name
   */
  public static Compression of(String text) {
    for (Compression kind : values()) {
      if (kind.text.equals(text)) {
        return kind;
      }
    }
    throw new IllegalArgumentException("unsupported compression type " + text);
  }

  /** The compression that a layer's media type (OCI or Docker) speaks of. */
  public static Compression ofMediaType(String mediaType) {
    if (mediaType.endsWith("+gzip") || mediaType.endsWith(".gzip")) {
      return GZIP;
    }
    if (mediaType.endsWith("+zstd") || mediaType.endsWith(".zstd")) {
      return ZSTD;
    }
    return UNCOMPRESSED;
  }
}
