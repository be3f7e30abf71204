package dev.kiln.daemon.export.image;

import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.ref.ImmutableRef;
import dev.kiln.solver.pb.Platform;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An image whose manifests are in the content store and whose layers can be had.
 *
 * @param root the index, or the manifest when there is one only
 * @param platform of a single manifest, null for an index or when it is not known
 * @param configDigest of a single manifest, null for an index
 * @param isIndex whether the root is an index
 * @param trees the trees whose layers the manifests name; they stay the build's
 * @param options as they were in force, with the result's own epoch
 * @param imageName the name that the result itself carries, or null
 */
record AssembledImage(
    Descriptor root,
    @Nullable Platform platform,
    @Nullable String configDigest,
    boolean isIndex,
    List<ImmutableRef> trees,
    ImageOptions options,
    @Nullable String imageName) {
  AssembledImage {
    trees = List.copyOf(trees);
  }
}
