package dev.kiln.registry.transfer;

import dev.kiln.registry.client.FetchedManifest;
import dev.kiln.registry.image.ImageConfig;
import dev.kiln.registry.image.ImageIndex;
import dev.kiln.registry.image.ImageManifest;
import dev.kiln.registry.image.InvalidImageException;
import dev.kiln.registry.image.ManifestEntry;
import dev.kiln.registry.image.MediaTypes;
import dev.kiln.registry.image.Platform;
import dev.kiln.registry.image.PlatformMatcher;
import dev.kiln.registry.reference.ImageReference;
import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.content.Digest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the image of a platform behind a reference; layers stay where they are. Thread-safe. */
public final class ImagePuller {
  private static final int MAX_INDEX_DEPTH = 4;

  private final ManifestStore documents;

  /** A puller that reads through the store. */
  public ImagePuller(ManifestStore documents) {
    this.documents = documents;
  }

  /**
   * Resolves a reference and chooses the manifest that fits a platform best. A reference that
   * points at a manifest itself is taken whatever its platform.
   *
   * @throws dev.kiln.registry.failure.RegistryException if the registry does not give what is
   *     needed
   * @throws InvalidImageException if no manifest fits, or the image contradicts itself
   */
  public PulledImage pull(ImageReference reference, Platform platform) throws IOException {
    return choose(reference, documents.root(reference), platform);
  }

  /** As {@link #pull}, for a root that is resolved already. */
  public PulledImage choose(ImageReference reference, FetchedManifest root, Platform platform)
      throws IOException {
    FetchedManifest current = root;
    PlatformMatcher matcher = PlatformMatcher.of(platform);
    for (int depth = 0; MediaTypes.isIndex(current.descriptor().mediaType()); depth++) {
      Optional<Descriptor> best =
          matcher
              .best(ImageIndex.parse(current.bytes()).manifests())
              .map(ManifestEntry::descriptor);
      if (best.isEmpty() || depth == MAX_INDEX_DEPTH) {
        throw new InvalidImageException(
            "no match for platform in manifest "
                + root.descriptor().digest()
                + ": not found: "
                + reference
                + " has none for "
                + platform.format());
      }
      current = new FetchedManifest(best.get(), documents.manifest(best.get()));
    }
    return read(reference, root.descriptor(), current);
  }

  private PulledImage read(ImageReference reference, Descriptor root, FetchedManifest found)
      throws IOException {
    if (!MediaTypes.isManifest(found.descriptor().mediaType())) {
      throw new InvalidImageException(
          "could not use "
              + reference
              + ": "
              + found.descriptor().digest()
              + " is no image but "
              + found.descriptor().mediaType());
    }
    ImageManifest manifest = ImageManifest.parse(found.bytes());
    byte[] configBytes = documents.document(manifest.config());
    ImageConfig config = ImageConfig.parse(configBytes);
    return new PulledImage(
        reference,
        root,
        found.descriptor(),
        manifest,
        config,
        configBytes,
        layers(reference, manifest, config));
  }

  private static List<PulledImage.Layer> layers(
      ImageReference reference, ImageManifest manifest, ImageConfig config)
      throws InvalidImageException {
    List<Digest> diffIds = config.diffIds();
    if (diffIds.size() != manifest.layers().size()) {
      throw new InvalidImageException(
          "could not use "
              + reference
              + ": mismatched image rootfs and manifest layers, "
              + diffIds.size()
              + " diff ids for "
              + manifest.layers().size()
              + " layers");
    }
    List<PulledImage.Layer> layers = new ArrayList<>();
    for (int i = 0; i < diffIds.size(); i++) {
      layers.add(new PulledImage.Layer(manifest.layers().get(i), diffIds.get(i)));
    }
    return layers;
  }
}
