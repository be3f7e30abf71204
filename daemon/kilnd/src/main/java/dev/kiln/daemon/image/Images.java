package dev.kiln.daemon.image;

import dev.kiln.daemon.session.SessionCredentials;
import dev.kiln.registry.auth.CredentialSource;
import dev.kiln.registry.client.FetchedManifest;
import dev.kiln.registry.client.RegistryClient;
import dev.kiln.registry.client.Repository;
import dev.kiln.registry.client.RepositoryOptions;
import dev.kiln.registry.image.Platform;
import dev.kiln.registry.reference.ImageReference;
import dev.kiln.registry.reference.InvalidReferenceException;
import dev.kiln.registry.transfer.ImagePuller;
import dev.kiln.registry.transfer.ManifestStore;
import dev.kiln.registry.transfer.PulledImage;
import dev.kiln.registry.transfer.RegistryBlobProvider;
import dev.kiln.snapshotter.content.ContentStore;
import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.content.Digest;
import dev.kiln.snapshotter.ref.BlobProvider;
import dev.kiln.snapshotter.ref.ProviderLookup;
import dev.kiln.wire.gateway.AttestationChain;
import dev.kiln.wire.session.SessionRegistry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Images behind references: found in registries with the credentials of the builds that want them.
 * Safe for use by many threads.
 */
public final class Images implements ImageOrigin {
  /** Annotation of a layer's descriptor that tells from which repository of a registry it came. */
  public static final String SOURCE_ANNOTATION = "containerd.io/distribution.source.";

  private final RegistryClient client;
  private final ContentStore content;
  private final SessionRegistry sessions;
  private final KnownOrigins origins;

  public Images(
      RegistryClient client, ContentStore content, SessionRegistry sessions, KnownOrigins origins) {
    this.origins = origins;
    this.client = client;
    this.content = content;
    this.sessions = sessions;
  }

  /** Credentials of the clients behind these sessions. */
  public CredentialSource credentials(Supplier<List<String>> sessionIds) {
    return new SessionCredentials(sessions, sessionIds);
  }

  /** A repository to read from. */
  public Repository open(ImageReference reference, Supplier<List<String>> sessionIds) {
    return open(reference, sessionIds, false);
  }

  /**
   * A repository to read from.
   *
   * @param insecure plain HTTP, or TLS that is not verified
   */
  public Repository open(
      ImageReference reference, Supplier<List<String>> sessionIds, boolean insecure) {
    return client.open(
        reference, credentials(sessionIds), RepositoryOptions.PULL.insecure(insecure));
  }

  /**
   * A repository to write to.
   *
   * @param insecure plain HTTP, or TLS that is not verified
   */
  public Repository openForWriting(
      ImageReference reference, Supplier<List<String>> sessionIds, boolean insecure) {
    return client.open(
        reference, credentials(sessionIds), RepositoryOptions.PUSH.insecure(insecure));
  }

  @Override
  public PulledImage find(
      ImageReference reference, dev.kiln.solver.pb.Platform platform, Supplier<List<String>> ids)
      throws IOException {
    ManifestStore documents = new ManifestStore(content, open(reference, ids));
    Optional<Digest> digest = reference.digest();
    boolean known = digest.isPresent() && origins.has(digest.get(), reference);
    FetchedManifest root = known ? documents.root(reference) : documents.currentRoot(reference);
    origins.add(root.descriptor().digest(), reference);
    return new ImagePuller(documents).choose(reference, root, of(platform));
  }

  @Override
  public @Nullable AttestationChain attestations(
      PulledImage image, Set<String> predicates, Supplier<List<String>> ids) throws IOException {
    ManifestStore documents = new ManifestStore(content, open(image.reference(), ids));
    return AttestationChains.of(documents, image, predicates);
  }

  @Override
  public Descriptor noted(ImageReference reference, Descriptor layer) {
    return layer.withAnnotation(SOURCE_ANNOTATION + reference.domain(), reference.path());
  }

  @Override
  public boolean isLocal() {
    return false;
  }

  @Override
  public BlobProvider layers(ImageReference reference, Supplier<List<String>> ids) {
    return new RegistryBlobProvider(open(reference, ids));
  }

  /**
   * Brings layers from where their descriptors say that they came from, without credentials: for
   * refs that outlived the build that found them.
   */
  public static ProviderLookup anonymous(RegistryClient client) {
    return (blob, meta) ->
        sourceOf(blob)
            .map(
                source ->
                    (BlobProvider)
                        new RegistryBlobProvider(
                            client.open(
                                source, CredentialSource.anonymous(), RepositoryOptions.PULL)))
            .orElse(null);
  }

  private static Optional<ImageReference> sourceOf(Descriptor blob) {
    for (Map.Entry<String, String> each : blob.annotations().entrySet()) {
      if (each.getKey().startsWith(SOURCE_ANNOTATION)) {
        String domain = each.getKey().substring(SOURCE_ANNOTATION.length());
        int comma = each.getValue().indexOf(',');
        String first = comma < 0 ? each.getValue() : each.getValue().substring(0, comma);
        return Optional.of(ImageReference.parse(domain + "/" + first));
      }
    }
    return Optional.empty();
  }

  /**
   * Reads a reference.
   *
   * @throws IOException when it is malformed
   */
  public static ImageReference parse(String text) throws IOException {
    try {
      return ImageReference.parse(text).withDefaultTag();
    } catch (InvalidReferenceException e) {
      throw new IOException("could not parse reference " + text + ": " + e.getMessage(), e);
    }
  }

  /** A platform as registries know it. */
  static Platform of(dev.kiln.solver.pb.Platform from) {
    return new Platform(
            from.getOS(),
            from.getArchitecture(),
            from.getVariant(),
            from.getOSVersion(),
            from.getOSFeaturesList())
        .normalized();
  }
}
