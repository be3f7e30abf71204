package dev.kiln.solver.export;

import java.util.Map;

/**
 * A layer's blob.
 *
 * @param digest digest of the blob
 * @param mediaType its media type; empty when not known
 * @param size in bytes
 * @param annotations such as {@code containerd.io/uncompressed}
 */
public record LayerDescriptor(
    String digest, String mediaType, long size, Map<String, String> annotations) {
  /** Copies the map. */
  public LayerDescriptor {
    annotations = Map.copyOf(annotations);
  }
}
