package dev.kiln.daemon.cache.exports;

import dev.kiln.daemon.image.Images;
import dev.kiln.registry.client.Repository;
import dev.kiln.registry.client.TransferProgress;
import dev.kiln.registry.reference.ImageReference;
import dev.kiln.snapshotter.content.Descriptor;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** A cache under a reference in a registry. */
final class RegistryTarget implements CacheTarget {
  private final ImageReference reference;
  private final Repository repository;

  /**
   * @param repository opened for writing
   */
  RegistryTarget(ImageReference reference, Repository repository) {
    this.reference = reference;
    this.repository = repository;
  }

  @Override
  public void blob(Descriptor blob, Source source) throws IOException {
    String known = blob.annotation(Images.SOURCE_ANNOTATION + reference.domain());
    List<String> repositories =
        known == null
            ? List.of()
            : Arrays.stream(known.split(",")).filter(p -> !p.equals(reference.path())).toList();
    var _ = repository.pushBlob(blob, source::open, repositories, TransferProgress.NONE);
  }

  @Override
  public void manifest(Descriptor manifest, byte[] bytes) throws IOException {
    repository.pushManifest(
        reference.tag().orElse(manifest.digest().text()), manifest.mediaType(), bytes);
  }
}
