package dev.kiln.registry.transfer;

import dev.kiln.registry.client.PushOutcome;
import dev.kiln.registry.client.Repository;
import dev.kiln.registry.failure.RegistryException;
import dev.kiln.registry.image.ImageIndex;
import dev.kiln.registry.image.ImageManifest;
import dev.kiln.registry.image.InvalidImageException;
import dev.kiln.registry.image.ManifestEntry;
import dev.kiln.registry.image.MediaTypes;
import dev.kiln.registry.reference.ImageReference;
import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.content.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Pushes an image with all that it names: layers and configs first, several at once, then manifests
 * from the leaves to the root, so that the registry never sees a manifest before its parts.
 * Thread-safe.
 */
public final class ImagePusher {
  private final Repository repository;
  private final ImageContent content;
  private final PushListener listener;

  /**
   * A pusher into one repository.
   *
   * @param repository opened for writing
   */
  public ImagePusher(Repository repository, ImageContent content, PushListener listener) {
    this.repository = repository;
    this.content = content;
    this.listener = listener;
  }

  /** What there is to push, each blob once. */
  private static final class Tree {
    final Map<Digest, Descriptor> blobs = new LinkedHashMap<>();

    /** Parents before their children. */
    final Map<Digest, Manifest> manifests = new LinkedHashMap<>();
  }

  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  private record Manifest(String mediaType, byte[] bytes) {}

  /**
   * Pushes a tree of descriptors.
   *
   * @param target its tag will name the root; without one the root is pushed by its digest alone
   * @param root an index or a manifest
   * @throws PushException if it did not work; the message begins with {@code failed to push
   *     <target>: }
   */
  public void push(ImageReference target, Descriptor root) throws IOException {
    try {
      Tree tree = new Tree();
      collect(root, tree);
      pushBlobs(List.copyOf(tree.blobs.values()));
      listener.blobsDone();
      pushManifests(target, root, tree);
    } catch (RegistryException | InvalidImageException e) {
      throw new PushException("failed to push " + target + ": " + e.getMessage(), e);
    }
  }

  private void collect(Descriptor node, Tree tree) throws IOException {
    if (!MediaTypes.isIndex(node.mediaType()) && !MediaTypes.isManifest(node.mediaType())) {
      // Foreign layers stay on the servers that may hand them out.
      if (!MediaTypes.isNonDistributable(node.mediaType())) {
        tree.blobs.putIfAbsent(node.digest(), node);
      }
      return;
    }
    byte[] bytes = read(node);
    // Seen again from a later parent, it moves behind that one.
    tree.manifests.remove(node.digest());
    tree.manifests.put(node.digest(), new Manifest(node.mediaType(), bytes));
    if (MediaTypes.isIndex(node.mediaType())) {
      for (ManifestEntry entry : ImageIndex.parse(bytes).manifests()) {
        collect(entry.descriptor(), tree);
      }
    } else {
      ImageManifest manifest = ImageManifest.parse(bytes);
      collect(manifest.config(), tree);
      for (Descriptor layer : manifest.layers()) {
        collect(layer, tree);
      }
    }
  }

  private byte[] read(Descriptor manifest) throws IOException {
    try (InputStream in = content.open(manifest)) {
      byte[] bytes = in.readNBytes(ManifestStore.MAX_DOCUMENT_BYTES + 1);
      if (bytes.length > ManifestStore.MAX_DOCUMENT_BYTES) {
        throw new InvalidImageException("manifest " + manifest.digest() + " is too large");
      }
      return bytes;
    }
  }

  /** The repository lets only a few at a time go on; the others wait cheaply. */
  private void pushBlobs(List<Descriptor> blobs) throws IOException {
    List<Parallel.Step> steps = new ArrayList<>();
    for (Descriptor blob : blobs) {
      steps.add(() -> pushBlob(blob));
    }
    Parallel.run(steps);
  }

  private void pushBlob(Descriptor blob) throws IOException {
    List<String> known =
        content.knownRepositories(blob, repository.name().domain()).stream()
            .filter(path -> !path.equals(repository.name().path()))
            .toList();
    PushOutcome outcome =
        repository.pushBlob(blob, () -> content.open(blob), known, listener.started(blob));
    listener.done(blob, outcome);
  }

  private void pushManifests(ImageReference target, Descriptor root, Tree tree) throws IOException {
    List<Map.Entry<Digest, Manifest>> order = new ArrayList<>(tree.manifests.entrySet()).reversed();
    for (Map.Entry<Digest, Manifest> entry : order) {
      boolean named = entry.getKey().equals(root.digest()) && target.tag().isPresent();
      String object = named ? target.tag().orElseThrow() : entry.getKey().toString();
      repository.pushManifest(object, entry.getValue().mediaType(), entry.getValue().bytes());
    }
  }
}
