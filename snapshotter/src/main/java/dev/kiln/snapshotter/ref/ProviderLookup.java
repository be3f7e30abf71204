package dev.kiln.snapshotter.ref;

import dev.kiln.snapshotter.content.Descriptor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds who can bring the blob of a lazy layer that was recorded by a former process, from its
 * descriptor's annotations and its ref's texts. Must not block.
 */
public interface ProviderLookup {
  ProviderLookup NONE = (blob, meta) -> null;

  @Nullable BlobProvider find(Descriptor blob, Map<String, String> meta);
}
