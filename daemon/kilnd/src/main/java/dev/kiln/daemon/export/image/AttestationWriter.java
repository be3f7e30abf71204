package dev.kiln.daemon.export.image;

import dev.kiln.daemon.build.BuildResult;
import dev.kiln.daemon.build.BuildResult.Attestation;
import dev.kiln.daemon.export.Exporter;
import dev.kiln.registry.image.MediaTypes;
import dev.kiln.snapshotter.content.ContentStore;
import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.layer.LayerBlob;
import dev.kiln.solver.pb.Platform;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the manifest that carries what is said about an image (exporters-and-cache.md, section
 * 3.1). Safe for use by many threads.
 */
final class AttestationWriter {
  static final Platform UNKNOWN =
      Platform.newBuilder().setOS("unknown").setArchitecture("unknown").build();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final byte[] EMPTY_CONFIG = "{}".getBytes(StandardCharsets.UTF_8);
  private static final String PREDICATE_TYPE = "in-toto.io/predicate-type";

  private final ContentStore content;
  private final Statements statements;

  AttestationWriter(ContentStore content, Statements statements) {
    this.content = content;
    this.statements = statements;
  }

  /** Whether anything is to be attached. */
  boolean any(BuildResult result, boolean withInlineOnly) {
    return result.attestations().values().stream()
        .anyMatch(list -> !wanted(list, withInlineOnly).isEmpty());
  }

  private static List<Attestation> wanted(List<Attestation> list, boolean withInlineOnly) {
    return list.stream().filter(each -> withInlineOnly || !Statements.isInlineOnly(each)).toList();
  }

  /**
   * Writes the attestation manifest of one image.
   *
   * @param artifact whether in the form of an OCI artifact
   * @return its descriptor for the index, null when there is nothing to say
   */
  @Nullable Descriptor write(
      Exporter.Work work,
      Platforms.Exported platform,
      Descriptor image,
      List<LayerBlob> imageLayers,
      ImageOptions options,
      boolean artifact)
      throws Exception {
    List<Attestation> list =
        wanted(Platforms.attestations(work.result(), platform), options.inlineAttestations());
    if (list.isEmpty()) {
      return null;
    }
    List<Descriptor> layers = new ArrayList<>();
    List<String> names = Names.of(options, work.result());
    for (Statements.Statement statement :
        statements.of(list, platform, names, image.digest(), imageLayers)) {
      if (statement.coreSbom() && statement.json().get("predicate") instanceof ObjectNode sbom) {
        new SbomLayers(content, imageLayers).supplement(sbom);
      }
      byte[] json = GoJsonText.compact(statement.json());
      layers.add(
          new Descriptor(
              MediaTypes.IN_TOTO,
              content.put(json),
              json.length,
              Map.of(PREDICATE_TYPE, statement.predicateType())));
    }
    byte[] manifest = manifest(image, layers, artifact);
    Descriptor descriptor =
        new Descriptor(
            MediaTypes.OCI_MANIFEST,
            content.put(manifest),
            manifest.length,
            Map.of(
                "vnd.docker.reference.type",
                "attestation-manifest",
                "vnd.docker.reference.digest",
                image.digest().text()));
    work.progress().oneOff("exporting attestation manifest " + descriptor.digest(), () -> "");
    return descriptor;
  }

  private byte[] manifest(Descriptor image, List<Descriptor> layers, boolean artifact)
      throws java.io.IOException {
    if (artifact) {
      Descriptor config =
          new Descriptor(MediaTypes.OCI_EMPTY, content.put(EMPTY_CONFIG), EMPTY_CONFIG.length);
      ObjectNode withData = ManifestJson.descriptor(config, null);
      withData.put("data", "e30=");
      return ManifestJson.manifest(
          new ManifestJson.Manifest(
              MediaTypes.OCI_MANIFEST,
              MediaTypes.ATTESTATION_ARTIFACT,
              withData,
              layers,
              new Descriptor(image.mediaType(), image.digest(), image.size()),
              Map.of()));
    }
    ObjectNode config = NODES.objectNode();
    config.put("architecture", "unknown");
    config.put("os", "unknown");
    config.putObject("config");
    ObjectNode rootfs = config.putObject("rootfs");
    rootfs.put("type", "layers");
    ArrayNode diffIds = rootfs.putArray("diff_ids");
    layers.forEach(layer -> diffIds.add(layer.digest().text()));
    byte[] json = GoJsonText.compact(config);
    Descriptor descriptor = new Descriptor(MediaTypes.OCI_CONFIG, content.put(json), json.length);
    return ManifestJson.manifest(
        new ManifestJson.Manifest(
            MediaTypes.OCI_MANIFEST,
            null,
            ManifestJson.descriptor(descriptor, null),
            layers,
            null,
            Map.of()));
  }
}
