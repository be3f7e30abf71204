package dev.kiln.registry.client;

import dev.kiln.registry.auth.Scopes;
import dev.kiln.registry.failure.NotFoundException;
import dev.kiln.registry.failure.UnauthorizedException;
import dev.kiln.registry.image.ImageIndex;
import dev.kiln.registry.image.InvalidImageException;
import dev.kiln.registry.image.ManifestEntry;
import dev.kiln.registry.image.MediaTypes;
import dev.kiln.registry.reference.ImageReference;
import dev.kiln.snapshotter.content.ContentStore;
import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.content.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * One repository as one build may see it. Reading asks the mirrors first; writing goes to the
 * registry itself. All failures that a registry can cause are {@link
 * dev.kiln.registry.failure.RegistryException}s. Thread-safe.
 */
public final class Repository {
  private static final int COPY_BYTES = 128 << 10;

  private final ImageReference name;
  private final List<HostCaller> callers;
  private final Hosts hosts;
  private final Scopes scopes;
  private final TransferLimits limits;
  private final RetryPolicy policy;

  Repository(
      ImageReference name,
      List<HostCaller> callers,
      Scopes scopes,
      TransferLimits limits,
      RetryPolicy policy) {
    this.name = name;
    this.callers = callers;
    this.hosts = new Hosts(callers);
    this.scopes = scopes;
    this.limits = limits;
    this.policy = policy;
  }

  /** The repository's name, without tag and digest. */
  public ImageReference name() {
    return name;
  }

  /**
   * What a tag or a digest of this repository points at.
   *
   * @throws NotFoundException if no host knows it
   */
  public ResolvedReference resolve(ImageReference reference) throws IOException {
    return document(
        () -> {
          Hosts.Answered<Optional<Descriptor>> head = head(reference);
          if (head.value().isPresent()) {
            return new ResolvedReference(modern(head.value().get()), head.host());
          }
          Hosts.Answered<FetchedManifest> got = hosts.ask(new GetManifest(reference), scopes);
          return new ResolvedReference(modern(got.value().descriptor()), got.host());
        });
  }

  /**
   * Asks with HEAD, which registries do not count as a pull; a refusal has no words then, so they
   * are asked for again.
   */
  private Hosts.Answered<Optional<Descriptor>> head(ImageReference reference) throws IOException {
    try {
      return hosts.ask(new HeadManifest(reference), scopes);
    } catch (UnauthorizedException e) {
      boolean wordless =
          e.answers().stream().anyMatch(a -> a.status() == 403 && a.detail().isEmpty());
      if (!wordless) {
        throw e;
      }
      Hosts.Answered<FetchedManifest> got = hosts.ask(new GetManifest(reference), scopes);
      return new Hosts.Answered<>(Optional.of(got.value().descriptor()), got.host());
    }
  }

  private static Descriptor modern(Descriptor descriptor) throws InvalidImageException {
    if (MediaTypes.isSchema1(descriptor.mediaType())) {
      throw new InvalidImageException(
          "unsupported media type "
              + descriptor.mediaType()
              + ": push the image again with a newer tool");
    }
    return descriptor;
  }

  /** The manifest or index that a tag or a digest points at; a digest is verified. */
  public FetchedManifest manifest(ImageReference reference) throws IOException {
    return document(() -> hosts.ask(new GetManifest(reference), scopes).value());
  }

  /** The verified bytes of a manifest or an index. */
  public byte[] manifest(Descriptor manifest) throws IOException {
    return manifest(name.withDigest(manifest.digest())).bytes();
  }

  /**
   * The verified bytes of a small blob, such as a config.
   *
   * @param maxBytes what is longer is refused
   */
  public byte[] smallBlob(Descriptor blob, int maxBytes) throws IOException {
    if (blob.size() > maxBytes) {
      throw new InvalidImageException(
          "could not fetch "
              + blob.digest()
              + " of "
              + name
              + ": it is larger than "
              + maxBytes
              + " bytes");
    }
    return document(
        () -> {
          try (InputStream in = download(blob, TransferProgress.NONE, () -> {})) {
            byte[] bytes = in.readAllBytes();
            GetManifest.checked(blob.digest(), bytes);
            return bytes;
          }
        });
  }

  /**
   * Opens a blob. Reading goes on after broken connections, and at the end throws {@link
   * dev.kiln.snapshotter.content.BlobMismatchException} if the bytes are not those that the
   * descriptor names. The stream holds one of the registry's places until it is closed.
   */
  public InputStream blob(Descriptor blob, TransferProgress progress) throws IOException {
    Semaphore place = limits.enter(TransferLimits.Kind.DOWNLOAD, name.domain());
    boolean opened = false;
    try {
      InputStream in = download(blob, progress, place::release);
      opened = true;
      return new VerifiedStream(in, blob.digest());
    } finally {
      if (!opened) {
        place.release();
      }
    }
  }

  /** Writes a blob's bytes to a store's writer, which verifies them when its owner commits. */
  public void copyBlob(Descriptor blob, ContentStore.Writer target, TransferProgress progress)
      throws IOException {
    Semaphore place = limits.enter(TransferLimits.Kind.DOWNLOAD, name.domain());
    try (InputStream in = download(blob, progress, () -> {})) {
      byte[] buffer = new byte[COPY_BYTES];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        target.write(buffer, 0, count);
      }
    } finally {
      place.release();
    }
  }

  private InputStream download(Descriptor blob, TransferProgress progress, Runnable onClose)
      throws IOException {
    BlobDownload download =
        new BlobDownload(
            blob,
            offset -> hosts.ask(new GetBlob(name, blob.digest(), offset), scopes).value(),
            policy,
            progress,
            onClose);
    boolean started = false;
    try {
      download.start();
      started = true;
      return download;
    } finally {
      if (!started) {
        download.close();
      }
    }
  }

  /**
   * The blob's descriptor with type "octet-stream" and size 0 if the host that has it does not
   * tell.
   */
  public Optional<Descriptor> findBlob(Digest digest) throws IOException {
    try {
      return Optional.of(document(() -> hosts.ask(new HeadBlob(name, digest), scopes).value()));
    } catch (NotFoundException e) {
      return Optional.empty();
    }
  }

  /**
   * Sees to it that the repository has a blob.
   *
   * @param source the bytes; opened only if they have to be sent
   * @param mountFrom paths of repositories on the same registry that may have the blob
   */
  public PushOutcome pushBlob(
      Descriptor blob, BlobSource source, List<String> mountFrom, TransferProgress progress)
      throws IOException {
    Semaphore place = limits.enter(TransferLimits.Kind.UPLOAD, name.domain());
    try {
      return new BlobPush(origin(), name, scopes, policy).push(blob, source, mountFrom, progress);
    } finally {
      place.release();
    }
  }

  /**
   * Stores a manifest or an index; what it names must be there.
   *
   * @param object the tag or digest under which it is stored
   */
  public void pushManifest(String object, String mediaType, byte[] bytes) throws IOException {
    String joiner = Digest.isValid(object) ? "@" : ":";
    ImageReference reference = ImageReference.parse(name + joiner + object);
    document(
        () ->
            origin()
                .call(
                    new PutManifest(reference, object, mediaType, RequestBody.of(bytes)), scopes));
  }

  /**
   * Manifests that name the given one as their subject; empty if there are none. Registries without
   * such a list are asked for the tag that stands in for it (OCI distribution-spec, "Referrers Tag
   * Schema").
   *
   * @param artifactType only these; empty for all
   */
  public List<ManifestEntry> referrers(Digest manifest, String artifactType) throws IOException {
    Optional<ImageIndex> listed =
        document(() -> hosts.ask(new ListReferrers(name, manifest, artifactType), scopes).value());
    ImageIndex index = listed.isPresent() ? listed.get() : referrersTag(manifest);
    return index.manifests().stream()
        .filter(entry -> artifactType.isEmpty() || entry.artifactType().equals(artifactType))
        .toList();
  }

  private ImageIndex referrersTag(Digest manifest) throws IOException {
    try {
      String tag = manifest.algorithm() + "-" + manifest.hex();
      return ImageIndex.parse(manifest(name.withTag(tag)).bytes());
    } catch (NotFoundException e) {
      return ImageIndex.parse("{}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
  }

  /** The registry itself, which comes last. */
  private HostCaller origin() {
    return callers.getLast();
  }

  private interface DocumentCall<T> {
    T run() throws IOException;
  }

  private <T> T document(DocumentCall<T> call) throws IOException {
    Semaphore place = limits.enter(TransferLimits.Kind.DOCUMENT, name.domain());
    try {
      return call.run();
    } finally {
      place.release();
    }
  }
}
