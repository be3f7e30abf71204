package dev.kiln.daemon.export.image;

import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.solver.pb.Platform;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Manifests and indexes as JSON, with fields in the order of OCI's own types. Stateless. */
public final class ManifestJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private ManifestJson() {}

  /**
   * What a manifest says.
   *
   * @param artifactType null for images
   * @param subject null when the manifest is about nothing else
   */
  record Manifest(
      String mediaType,
      @Nullable String artifactType,
      ObjectNode config,
      List<Descriptor> layers,
      @Nullable Descriptor subject,
      Map<String, String> annotations) {}

  /** A line of an index. */
  record Entry(Descriptor descriptor, @Nullable Platform platform) {}

  static byte[] manifest(Manifest manifest) {
    ObjectNode root = NODES.objectNode();
    root.put("schemaVersion", 2);
    root.put("mediaType", manifest.mediaType());
    if (manifest.artifactType() != null) {
      root.put("artifactType", manifest.artifactType());
    }
    root.set("config", manifest.config());
    ArrayNode layers = root.putArray("layers");
    manifest.layers().forEach(layer -> layers.add(descriptor(layer, null)));
    if (manifest.subject() != null) {
      root.set("subject", descriptor(manifest.subject(), null));
    }
    annotations(root, manifest.annotations());
    return GoJsonText.indented(root);
  }

  static byte[] index(String mediaType, List<Entry> entries, Map<String, String> annotations) {
    ObjectNode root = NODES.objectNode();
    root.put("schemaVersion", 2);
    root.put("mediaType", mediaType);
    ArrayNode manifests = root.putArray("manifests");
    entries.forEach(entry -> manifests.add(descriptor(entry.descriptor(), entry.platform())));
    annotations(root, annotations);
    return GoJsonText.indented(root);
  }

  /** A descriptor as JSON. */
  public static ObjectNode descriptor(Descriptor descriptor, @Nullable Platform platform) {
    ObjectNode out = NODES.objectNode();
    out.put("mediaType", descriptor.mediaType());
    out.put("digest", descriptor.digest().text());
    out.put("size", descriptor.size());
    annotations(out, descriptor.annotations());
    if (platform != null) {
      out.set("platform", platform(platform));
    }
    return out;
  }

  /** JSON bytes of a node, two spaces a level, as Go writes it. */
  public static byte[] indented(ObjectNode node) {
    return GoJsonText.indented(node);
  }

  /** Compact JSON bytes of a node, as Go writes it. */
  public static byte[] compact(ObjectNode node) {
    return GoJsonText.compact(node);
  }

  private static ObjectNode platform(Platform platform) {
    ObjectNode out = NODES.objectNode();
    out.put("architecture", platform.getArchitecture());
    out.put("os", platform.getOS());
    if (!platform.getOSVersion().isEmpty()) {
      out.put("os.version", platform.getOSVersion());
    }
    if (platform.getOSFeaturesCount() > 0) {
      ArrayNode features = out.putArray("os.features");
      platform.getOSFeaturesList().forEach(features::add);
    }
    if (!platform.getVariant().isEmpty()) {
      out.put("variant", platform.getVariant());
    }
    return out;
  }

  private static void annotations(ObjectNode to, Map<String, String> annotations) {
    if (!annotations.isEmpty()) {
      ObjectNode out = to.putObject("annotations");
      annotations.forEach(out::put);
    }
  }
}
