package dev.kiln.registry.transfer;

import dev.kiln.registry.client.FetchedManifest;
import dev.kiln.registry.client.Repository;
import dev.kiln.registry.image.ManifestEntry;
import dev.kiln.registry.reference.ImageReference;
import dev.kiln.snapshotter.content.ContentStore;
import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.content.Digest;
import java.io.IOException;
import java.util.List;

/**
 * Reads manifests, indexes and configs from a content store, and from their origin what the store
 * lacks, which it keeps. So nothing is fetched twice. Thread-safe; two builds that miss the same
 * document at once may both fetch it.
 */
public final class ManifestStore {
  /** The largest document that is read. */
  public static final int MAX_DOCUMENT_BYTES = 8 << 20;

  private final ContentStore store;
  private final DocumentOrigin origin;

  /** Reads through the store. */
  public ManifestStore(ContentStore store, Repository repository) {
    this(store, DocumentOrigin.of(repository));
  }

  /**
   * Reads through the store.
   *
   * @param origin where documents come from that the store lacks
   */
  public ManifestStore(ContentStore store, DocumentOrigin origin) {
    this.store = store;
    this.origin = origin;
  }

  /**
   * What a reference points at now; the registry is asked unless the reference has a digest that
   * the store holds.
   */
  public FetchedManifest root(ImageReference reference) throws IOException {
    if (reference.digest().isPresent() && store.contains(reference.digest().get())) {
      byte[] bytes = store.read(reference.digest().get(), MAX_DOCUMENT_BYTES);
      String mediaType = dev.kiln.registry.image.ManifestSniffer.mediaTypeOf(bytes);
      return new FetchedManifest(
          new Descriptor(mediaType, reference.digest().get(), bytes.length), bytes);
    }
    return currentRoot(reference);
  }

  /** As {@link #root}, but the origin is always asked, so that it is known to have it. */
  public FetchedManifest currentRoot(ImageReference reference) throws IOException {
    Descriptor descriptor = origin.resolve(reference);
    return new FetchedManifest(descriptor, manifest(descriptor));
  }

  /** A manifest or an index. */
  public byte[] manifest(Descriptor manifest) throws IOException {
    Digest digest = manifest.digest();
    if (store.contains(digest)) {
      return store.read(digest, MAX_DOCUMENT_BYTES);
    }
    return keep(digest, origin.manifest(manifest));
  }

  /** A config or another small blob. */
  public byte[] document(Descriptor blob) throws IOException {
    if (store.contains(blob.digest())) {
      return store.read(blob.digest(), MAX_DOCUMENT_BYTES);
    }
    return keep(blob.digest(), origin.smallBlob(blob, MAX_DOCUMENT_BYTES));
  }

  /** Manifests that say something about another one; never kept, as they may become more. */
  public List<ManifestEntry> referrers(Digest manifest) throws IOException {
    return origin.referrers(manifest);
  }

  private byte[] keep(Digest digest, byte[] bytes) throws IOException {
    try (ContentStore.Writer writer = store.newWriter(digest.algorithm())) {
      writer.write(bytes, 0, bytes.length);
      writer.commit(digest, bytes.length);
    }
    return bytes;
  }
}
