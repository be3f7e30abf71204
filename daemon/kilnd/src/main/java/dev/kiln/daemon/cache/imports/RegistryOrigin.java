package dev.kiln.daemon.cache.imports;

import dev.kiln.daemon.image.Images;
import dev.kiln.registry.client.Repository;
import dev.kiln.registry.image.MediaTypes;
import dev.kiln.registry.reference.ImageReference;
import dev.kiln.registry.transfer.RegistryBlobProvider;
import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.ref.BlobProvider;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/** A cache in a registry: one that was exported there, or an image with an inline cache. */
final class RegistryOrigin implements CacheOrigin {
  private final Images images;
  private final ImageReference reference;
  private final boolean insecure;
  private final Repository repository;

  /**
   * @param sessions serve the look for the manifest
   */
  RegistryOrigin(
      Images images, ImageReference reference, boolean insecure, Supplier<List<String>> sessions) {
    this.images = images;
    this.reference = reference;
    this.insecure = insecure;
    this.repository = images.open(reference, sessions, insecure);
  }

  @Override
  public Descriptor root() throws IOException {
    return repository.resolve(reference).descriptor();
  }

  @Override
  public byte[] read(Descriptor document) throws IOException {
    CacheOrigin.checkSize(document);
    String type = document.mediaType();
    return MediaTypes.isManifest(type) || MediaTypes.isIndex(type)
        ? repository.manifest(document)
        : repository.smallBlob(document, MAX_DOCUMENT_BYTES);
  }

  @Override
  public Descriptor located(Descriptor layer) {
    return layer.withAnnotation(Images.SOURCE_ANNOTATION + reference.domain(), reference.path());
  }

  @Override
  public BlobProvider provider(Supplier<List<String>> sessions) {
    return new RegistryBlobProvider(images.open(reference, sessions, insecure));
  }

  @Override
  public boolean has(Descriptor layer, Supplier<List<String>> sessions) {
    return true;
  }
}
