package dev.kiln.daemon.export.image;

import com.google.protobuf.ByteString;
import dev.kiln.daemon.build.BuildResult;
import dev.kiln.daemon.control.Parallel;
import dev.kiln.daemon.export.Exporter;
import dev.kiln.daemon.failure.BuildFailure;
import dev.kiln.registry.image.ImageConfig;
import dev.kiln.registry.image.InvalidImageException;
import dev.kiln.registry.image.MediaTypes;
import dev.kiln.snapshotter.content.ContentStore;
import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.layer.LayerBlob;
import dev.kiln.snapshotter.ref.ImmutableRef;
import dev.kiln.snapshotter.ref.Layer;
import dev.kiln.solver.pb.Platform;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Makes an image of a result: layers of each platform, configs, manifests, attestation manifests
 * and, where there is more than one manifest, an index (exporters-and-cache.md, sections 2 and 3).
 * Safe for use by many threads.
 */
final class ImageAssembler {
  private static final String CONFIG_KEY = "containerimage.config";
  private static final String BASE_CONFIG_KEY = "containerimage.base.config";
  private static final long CURRENT_COMPATIBILITY = 30;
  private static final String EPOCH_KEY = "source.date.epoch";

  private final ContentStore content;
  private final Platform defaultPlatform;
  private final AttestationWriter attestations;

  ImageAssembler(ContentStore content, Platform defaultPlatform, AttestationWriter attestations) {
    this.content = content;
    this.defaultPlatform = defaultPlatform;
    this.attestations = attestations;
  }

  /** What one platform came to. */
  private record Made(
      Platforms.Exported of, Descriptor manifest, Descriptor config, List<LayerBlob> layers) {}

  /** Makes the image and reports each document as a status. */
  AssembledImage assemble(Exporter.Work work, ImageOptions given) throws Exception {
    BuildResult result = work.result();
    List<Platforms.Exported> platforms = Platforms.of(result);
    ImageOptions options = given.withResultEpoch(epochOf(result, platforms));
    Annotations annotations = Annotations.of(result.metadata(), options.annotations());
    annotations.checkPlatforms(platforms.stream().map(Platforms.Exported::id).toList());
    boolean attested = attestations.any(result, options.inlineAttestations());
    boolean isIndex = result.isMap() || attested;
    boolean oci = ociTypes(options, attested, work);
    if (!oci && annotations.beyondManifests()) {
      throw BuildFailure.of("cannot export annotations with \"oci-mediatypes=false\"", null);
    }
    if (!isIndex && annotations.hasIndex()) {
      throw BuildFailure.of("index annotations not supported for single platform export", null);
    }

    List<List<LayerBlob>> layers = layers(work, platforms, options);
    List<Made> made = new ArrayList<>();
    for (int i = 0; i < platforms.size(); i++) {
      made.add(manifest(work, platforms.get(i), layers.get(i), options, annotations, oci));
    }
    List<ImmutableRef> trees = trees(platforms);
    ByteString imageName = result.metadata().get("image.name");
    String name = imageName == null ? null : imageName.toStringUtf8();
    if (!isIndex) {
      Made only = made.getFirst();
      return new AssembledImage(
          only.manifest(),
          platformOf(only.of()),
          only.config().digest().text(),
          false,
          trees,
          options,
          name);
    }
    Descriptor root = index(work, made, annotations, oci, options);
    return new AssembledImage(root, null, null, true, trees, options, name);
  }

  private static @Nullable String epochOf(BuildResult result, List<Platforms.Exported> platforms) {
    ByteString epoch = Platforms.metadata(result.metadata(), EPOCH_KEY, platforms.getFirst().key());
    return epoch == null ? null : epoch.toStringUtf8();
  }

  private static boolean ociTypes(ImageOptions options, boolean attested, Exporter.Work work) {
    Boolean asked = options.ociTypes();
    if (asked == null) {
      return attested || isCurrent(work);
    }
    if (!asked && attested) {
      throw BuildFailure.of("cannot export attestations with \"oci-mediatypes=false\"", null);
    }
    return asked;
  }

  /** Whether the client wants today's formats. */
  private static boolean isCurrent(Exporter.Work work) {
    return work.build().request().getCompatibilityVersion() >= CURRENT_COMPATIBILITY;
  }

  private static List<ImmutableRef> trees(List<Platforms.Exported> platforms)
      throws InterruptedException {
    List<ImmutableRef> trees = new ArrayList<>();
    for (Platforms.Exported each : platforms) {
      ImmutableRef tree = each.ref() == null ? null : each.ref().evaluate().ref();
      if (tree != null) {
        trees.add(tree);
      }
    }
    return trees;
  }

  private List<List<LayerBlob>> layers(
      Exporter.Work work, List<Platforms.Exported> platforms, ImageOptions options)
      throws Exception {
    if (options.rewriteTimestamps() && options.epoch() != null) {
      String seconds = Long.toString(options.epoch().getEpochSecond());
      String status =
          "rewriting layers with source-date-epoch " + seconds + " (" + options.epoch() + ")";
      return work.progress().oneOff(status, () -> compressAll(platforms, options));
    }
    return work.progress().oneOff("exporting layers", () -> compressAll(platforms, options));
  }

  private static List<List<LayerBlob>> compressAll(
      List<Platforms.Exported> platforms, ImageOptions options) throws Exception {
    List<Callable<List<LayerBlob>>> each = new ArrayList<>();
    for (Platforms.Exported platform : platforms) {
      each.add(
          () -> {
            ImmutableRef tree = platform.ref() == null ? null : platform.ref().evaluate().ref();
            return tree == null ? List.of() : tree.remote(options.layers());
          });
    }
    return Parallel.run(each);
  }

  private Made manifest(
      Exporter.Work work,
      Platforms.Exported platform,
      List<LayerBlob> layers,
      ImageOptions options,
      Annotations annotations,
      boolean oci)
      throws Exception {
    byte[] config = config(work, platform, layers, options);
    Descriptor configDescriptor =
        new Descriptor(
            oci ? MediaTypes.OCI_CONFIG : MediaTypes.DOCKER_CONFIG,
            content.put(config),
            config.length);
    List<Descriptor> shown = layers.stream().map(l -> LayerTypes.of(l.descriptor(), oci)).toList();
    byte[] manifest =
        ManifestJson.manifest(
            new ManifestJson.Manifest(
                oci ? MediaTypes.OCI_MANIFEST : MediaTypes.DOCKER_MANIFEST,
                null,
                ManifestJson.descriptor(configDescriptor, null),
                shown,
                null,
                oci ? annotations.of(Annotations.Kind.MANIFEST, platform.id()) : Map.of()));
    Descriptor descriptor =
        new Descriptor(
            oci ? MediaTypes.OCI_MANIFEST : MediaTypes.DOCKER_MANIFEST,
            content.put(manifest),
            manifest.length,
            annotations.of(Annotations.Kind.MANIFEST_DESCRIPTOR, platform.id()));
    work.progress().oneOff("exporting manifest " + descriptor.digest(), () -> "");
    work.progress().oneOff("exporting config " + configDescriptor.digest(), () -> "");
    return new Made(platform, descriptor, configDescriptor, layers);
  }

  private byte[] config(
      Exporter.Work work, Platforms.Exported platform, List<LayerBlob> layers, ImageOptions options)
      throws Exception {
    Map<String, ByteString> metadata = work.result().metadata();
    ByteString given = Platforms.metadata(metadata, CONFIG_KEY, platform.key());
    Platform of = platformOf(platform);
    byte[] config =
        given == null
            ? ConfigPatch.defaultConfig(of.getOS(), of.getArchitecture(), of.getVariant())
            : given.toByteArray();
    ByteString inline =
        work.inlineCache() == null ? null : work.inlineCache().of(platform.key(), layers);
    int base = baseLayers(Platforms.metadata(metadata, BASE_CONFIG_KEY, platform.key()));
    return ConfigPatch.apply(
        config, new ConfigPatch.Patch(described(platform, layers), base, options.epoch(), inline));
  }

  private Platform platformOf(Platforms.Exported exported) {
    return exported.platform() == null ? defaultPlatform : exported.platform();
  }

  private static int baseLayers(@Nullable ByteString baseConfig) {
    if (baseConfig == null) {
      return 0;
    }
    try {
      return ImageConfig.parse(baseConfig.toByteArray()).diffIds().size();
    } catch (InvalidImageException e) {
      throw BuildFailure.of("invalid base image config: " + e.getMessage(), e);
    }
  }

  private static List<ConfigPatch.Layer> described(
      Platforms.Exported platform, List<LayerBlob> layers)
      throws IOException, InterruptedException {
    ImmutableRef tree = platform.ref() == null ? null : platform.ref().evaluate().ref();
    List<Layer> chain = tree == null ? List.of() : tree.layerChain();
    List<ConfigPatch.Layer> out = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = i < chain.size() ? chain.get(i) : null;
      out.add(
          new ConfigPatch.Layer(
              layers.get(i),
              layer == null ? null : layer.createdAt(),
              layer == null ? "" : layer.description()));
    }
    return out;
  }

  private Descriptor index(
      Exporter.Work work,
      List<Made> made,
      Annotations annotations,
      boolean oci,
      ImageOptions options)
      throws Exception {
    List<ManifestJson.Entry> entries = new ArrayList<>();
    List<ManifestJson.Entry> statements = new ArrayList<>();
    for (Made each : made) {
      entries.add(new ManifestJson.Entry(each.manifest(), platformOf(each.of())));
      Descriptor attestation =
          attestations.write(
              work,
              each.of(),
              each.manifest(),
              each.layers(),
              options,
              artifact(options, oci && isCurrent(work)));
      if (attestation != null) {
        statements.add(new ManifestJson.Entry(attestation, AttestationWriter.UNKNOWN));
      }
    }
    entries.addAll(statements);
    String mediaType = oci ? MediaTypes.OCI_INDEX : MediaTypes.DOCKER_LIST;
    byte[] index =
        ManifestJson.index(mediaType, entries, annotations.of(Annotations.Kind.INDEX, ""));
    Descriptor root =
        new Descriptor(
            mediaType,
            content.put(index),
            index.length,
            annotations.of(Annotations.Kind.INDEX_DESCRIPTOR, ""));
    work.progress().oneOff("exporting manifest list " + root.digest(), () -> "");
    return root;
  }

  private static boolean artifact(ImageOptions options, boolean byDefault) {
    return options.ociArtifact() == null ? byDefault : options.ociArtifact();
  }
}
