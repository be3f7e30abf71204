package dev.kiln.daemon.image;

import dev.kiln.registry.image.ManifestSniffer;
import dev.kiln.registry.reference.ImageReference;
import dev.kiln.registry.transfer.DocumentOrigin;
import dev.kiln.registry.transfer.ImagePuller;
import dev.kiln.registry.transfer.ManifestStore;
import dev.kiln.registry.transfer.PulledImage;
import dev.kiln.snapshotter.content.ContentStore;
import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.content.Digest;
import dev.kiln.snapshotter.ref.BlobProvider;
import dev.kiln.solver.pb.Platform;
import dev.kiln.wire.content.Info;
import dev.kiln.wire.gateway.AttestationChain;
import dev.kiln.wire.session.ContentStoreClient;
import dev.kiln.wire.session.Session;
import dev.kiln.wire.session.SessionRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Images in an OCI layout that a client attached to its session (session.md, section 10). Safe for
 * use by many threads.
 *
 * @param session id of the session that has the layout; empty for any of the build's
 * @param store name of the layout
 */
public record LayoutImages(
    ContentStore content, SessionRegistry sessions, String session, String store)
    implements ImageOrigin {
  private static final int MAX_ROOT_BYTES = 4 << 20;

  private ContentStoreClient client(Supplier<List<String>> sessionIds) {
    List<String> asked = session.isEmpty() ? sessionIds.get() : List.of(session);
    Session owner = sessions.group(asked).any((Session each) -> each);
    return ContentStoreClient.of(owner, "oci:" + store);
  }

  @Override
  public PulledImage find(
      ImageReference reference, Platform platform, Supplier<List<String>> sessionIds)
      throws IOException {
    if (reference.digest().isEmpty()) {
      throw new IOException("reference \"" + reference + "\" must have digest");
    }
    ManifestStore documents = new ManifestStore(content, origin(sessionIds));
    return new ImagePuller(documents).pull(reference, Images.of(platform));
  }

  @Override
  public @Nullable AttestationChain attestations(
      PulledImage image, Set<String> predicates, Supplier<List<String>> sessionIds)
      throws IOException {
    ManifestStore documents = new ManifestStore(content, origin(sessionIds));
    return AttestationChains.of(documents, image, predicates);
  }

  private DocumentOrigin origin(Supplier<List<String>> sessionIds) {
    return new DocumentOrigin() {
      @Override
      public Descriptor resolve(ImageReference reference) throws IOException {
        Digest digest = reference.digest().orElseThrow();
        Info info =
            client(sessionIds)
                .info(digest)
                .orElseThrow(
                    () ->
                        new IOException(
                            "unable to get info about digest: " + digest + ": not found"));
        byte[] bytes = read(digest, MAX_ROOT_BYTES);
        return new Descriptor(ManifestSniffer.mediaTypeOf(bytes), digest, info.getSize());
      }

      @Override
      public byte[] manifest(Descriptor manifest) throws IOException {
        return read(manifest.digest(), ManifestStore.MAX_DOCUMENT_BYTES);
      }

      @Override
      public byte[] smallBlob(Descriptor blob, int maxBytes) throws IOException {
        return read(blob.digest(), maxBytes);
      }

      private byte[] read(Digest digest, int maxBytes) throws IOException {
        // The store that keeps the bytes verifies them.
        return client(sessionIds).readAll(digest, maxBytes);
      }
    };
  }

  @Override
  public BlobProvider layers(ImageReference reference, Supplier<List<String>> sessionIds) {
    return (blob, target) -> {
      try (InputStream in = client(sessionIds).read(blob.digest(), 0, 0)) {
        in.transferTo(target.asStream());
      }
    };
  }

  @Override
  public Descriptor noted(ImageReference reference, Descriptor layer) {
    return layer;
  }

  @Override
  public boolean isLocal() {
    return true;
  }

  /**
   * Reads a reference: the name of a layout, perhaps a tag, and a digest.
   *
   * @throws IOException when there is no digest
   */
  public static ImageReference parse(String text) throws IOException {
    int at = text.indexOf('@');
    if (at < 0 || !Digest.isValid(text.substring(at + 1))) {
      throw new IOException("reference \"" + text + "\" must have digest");
    }
    return Images.parse(text);
  }

  /** The name of the layout in a reference. */
  public static String storeOf(String text) {
    String name = text.substring(0, Math.max(0, text.indexOf('@')));
    int colon = name.lastIndexOf(':');
    return colon > name.lastIndexOf('/') ? name.substring(0, colon) : name;
  }
}
