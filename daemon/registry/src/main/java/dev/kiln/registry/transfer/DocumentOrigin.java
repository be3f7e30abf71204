package dev.kiln.registry.transfer;

import dev.kiln.registry.client.Repository;
import dev.kiln.registry.image.ManifestEntry;
import dev.kiln.registry.reference.ImageReference;
import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.content.Digest;
import java.io.IOException;
import java.util.List;

/** Where manifests and configs come from. Implementations are thread-safe. */
public interface DocumentOrigin {
  /** What a reference points at now. */
  Descriptor resolve(ImageReference reference) throws IOException;

  /** The verified bytes of a manifest or an index. */
  byte[] manifest(Descriptor manifest) throws IOException;

  /** The verified bytes of a config or another small blob, of at most so many bytes. */
  byte[] smallBlob(Descriptor blob, int maxBytes) throws IOException;

  /** Manifests that say something about another one; empty when nobody keeps track of them. */
  default List<ManifestEntry> referrers(Digest manifest) throws IOException {
    return List.of();
  }

  /** A repository of a registry. */
  static DocumentOrigin of(Repository repository) {
    return new DocumentOrigin() {
      @Override
      public Descriptor resolve(ImageReference reference) throws IOException {
        return repository.resolve(reference).descriptor();
      }

      @Override
      public byte[] manifest(Descriptor manifest) throws IOException {
        return repository.manifest(manifest);
      }

      @Override
      public byte[] smallBlob(Descriptor blob, int maxBytes) throws IOException {
        return repository.smallBlob(blob, maxBytes);
      }

      @Override
      public List<ManifestEntry> referrers(Digest manifest) throws IOException {
        return repository.referrers(manifest, "");
      }
    };
  }
}
