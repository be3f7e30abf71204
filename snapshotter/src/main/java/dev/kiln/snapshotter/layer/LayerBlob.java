package dev.kiln.snapshotter.layer;

import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.content.Digest;

/**
 * A layer in its transportable form.
 *
 * @param descriptor of the compressed blob, with annotations {@link #UNCOMPRESSED} (the diff id)
 *     and {@link #CREATED_AT}
 * @param diffId digest of the uncompressed tar
 */
public record LayerBlob(Descriptor descriptor, Digest diffId) {
  /** Annotation with the diff id. */
  public static final String UNCOMPRESSED = "containerd.io/uncompressed";

  /** Annotation with the layer's creation time, RFC 3339 with nanoseconds. */
  public static final String CREATED_AT = "buildkit/createdat";

  /** Annotation of a layer whose files' times were cut off at that many seconds. */
  public static final String REWRITTEN_TIMESTAMP = "buildkit/rewritten-timestamp";
}
