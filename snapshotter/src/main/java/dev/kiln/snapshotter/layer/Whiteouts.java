package dev.kiln.snapshotter.layer;

/** Names that mark deletions in a layer: OCI image-spec, layer.md, Whiteouts. */
final class Whiteouts {
  /** Before the name of what is deleted. */
  static final String PREFIX = ".wh.";

  /** Names of other markers; all but {@link #OPAQUE} are ignored. */
  static final String META_PREFIX = ".wh..wh.";

  /** In a folder whose lower contents are hidden. */
  static final String OPAQUE = ".wh..wh..opq";

  private Whiteouts() {}
}
