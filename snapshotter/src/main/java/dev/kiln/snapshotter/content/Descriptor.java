package dev.kiln.snapshotter.content;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What names a blob: OCI image-spec, descriptor.md.
 *
 * @param size in bytes, not negative
 * @param annotations unmodifiable, sorted by key
 */
public record Descriptor(
    String mediaType, Digest digest, long size, Map<String, String> annotations) {
  public Descriptor {
    if (size < 0) {
      throw new IllegalArgumentException("negative size " + size + " of " + digest);
    }
    annotations = java.util.Collections.unmodifiableMap(new TreeMap<>(annotations));
  }

  public Descriptor(String mediaType, Digest digest, long size) {
    this(mediaType, digest, size, Map.of());
  }

  public @Nullable String annotation(String key) {
    return annotations.get(key);
  }

  public Descriptor withAnnotation(String key, String value) {
    var more = new TreeMap<>(annotations);
    more.put(key, value);
    return new Descriptor(mediaType, digest, size, more);
  }

  public Descriptor withAnnotations(Map<String, String> replacing) {
    return new Descriptor(mediaType, digest, size, replacing);
  }

  public Descriptor withMediaType(String other) {
    return new Descriptor(other, digest, size, annotations);
  }
}
