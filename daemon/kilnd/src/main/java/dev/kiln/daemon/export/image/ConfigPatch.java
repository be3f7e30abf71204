package dev.kiln.daemon.export.image;

import com.google.protobuf.ByteString;
import dev.kiln.daemon.failure.BuildFailure;
import dev.kiln.snapshotter.layer.LayerBlob;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Completes an image config with what only the export knows: layers, history, times
 * (exporters-and-cache.md, section 2). Fields that Kiln does not know survive. Stateless.
 */
final class ConfigPatch {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String EXPORTER_COMMENT = "buildkit.exporter.image.v0";

  private ConfigPatch() {}

  /**
   * One layer as the config tells of it.
   *
   * @param createdBy description of what made it
   */
  record Layer(LayerBlob blob, @Nullable Instant created, String createdBy) {}

  /** What is patched in. */
  record Patch(
      List<Layer> layers,
      int baseLayers,
      @Nullable Instant epoch,
      @Nullable ByteString inlineCache) {}

  /** The config of an image about which the frontend said nothing. */
  static byte[] defaultConfig(String os, String architecture, String variant) {
    ObjectNode root = NODES.objectNode();
    root.put("architecture", architecture);
    root.put("os", os);
    if (!variant.isEmpty()) {
      root.put("variant", variant);
    }
    ObjectNode config = root.putObject("config");
    config.putArray("Env").add("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    config.put("WorkingDir", "/");
    return GoJsonText.compact(root);
  }

  /**
   * The finished config.
   *
   * @throws BuildFailure when the config is no JSON object, or lacks os or architecture
   */
  static byte[] apply(byte[] config, Patch patch) {
    Map<String, JsonNode> fields = new TreeMap<>();
    parse(config).properties().forEach(each -> fields.put(each.getKey(), each.getValue()));
    require(fields, "os");
    require(fields, "architecture");

    ObjectNode rootfs = NODES.objectNode();
    rootfs.put("type", "layers");
    ArrayNode diffIds = rootfs.putArray("diff_ids");
    patch.layers().forEach(layer -> diffIds.add(layer.blob().diffId().text()));
    fields.put("rootfs", rootfs);

    List<ObjectNode> history = history(fields.get("history"), patch);
    fields.put("history", NODES.arrayNode().addAll(history));
    String created = created(fields.get("created"), history, patch.epoch());
    if (created != null) {
      fields.put("created", NODES.stringNode(created));
    }
    fields.remove("moby.buildkit.buildinfo.v1");
    fields.remove("moby.buildkit.cache.v0");
    if (patch.inlineCache() != null) {
      String text = java.util.Base64.getEncoder().encodeToString(patch.inlineCache().toByteArray());
      fields.put("moby.buildkit.cache.v0", NODES.stringNode(text));
    }
    ObjectNode out = NODES.objectNode();
    fields.forEach(out::set);
    return GoJsonText.compact(out);
  }

  private static JsonNode parse(byte[] config) {
    try {
      JsonNode node = MAPPER.readTree(config);
      if (node.isObject()) {
        return node;
      }
    } catch (JacksonException e) {
      throw BuildFailure.of("failed to unmarshal image config: " + e.getOriginalMessage(), e);
    }
    throw BuildFailure.of("invalid null image config for export", null);
  }

  private static void require(Map<String, JsonNode> fields, String name) {
    if (!has(fields, name)) {
      boolean half = has(fields, "os") || has(fields, "architecture");
      throw BuildFailure.of(
          half
              ? "invalid image config: os and architecture must be specified together"
              : "invalid image config for export: missing " + name,
          null);
    }
  }

  private static boolean has(Map<String, JsonNode> fields, String name) {
    JsonNode value = fields.get(name);
    return value != null && value.isString() && !value.stringValue().isEmpty();
  }

  /** One entry for each layer, in order; those that are missing are made up from the layers. */
  private static List<ObjectNode> history(@Nullable JsonNode given, Patch patch) {
    List<ObjectNode> entries = new ArrayList<>();
    if (given != null) {
      given.forEach(
          node -> {
            if (node instanceof ObjectNode entry) {
              entries.add(entry.deepCopy());
            }
          });
    }
    long described = entries.stream().filter(entry -> !isEmptyLayer(entry)).count();
    if (described > patch.layers().size()) {
      entries.clear();
      described = 0;
    }
    for (Layer layer : patch.layers().subList((int) described, patch.layers().size())) {
      ObjectNode entry = NODES.objectNode();
      if (layer.created() != null) {
        entry.put("created", time(layer.created()));
      }
      entry.put("created_by", layer.createdBy());
      entry.put("comment", EXPORTER_COMMENT);
      entries.add(entry);
    }
    fillTimes(entries, patch);
    return entries.stream().map(ConfigPatch::ordered).toList();
  }

  /**
   * Gives every entry a time. One without a layer has that of the layer before it, but the first
   * ones on a base have that of the first new layer, if there is one: they are as new.
   */
  private static void fillTimes(List<ObjectNode> entries, Patch patch) {
    int layer = 0;
    for (ObjectNode entry : entries) {
      if (isEmptyLayer(entry)) {
        continue;
      }
      Instant made = patch.layers().get(layer).created();
      if (!entry.has("created") && made != null) {
        entry.put("created", time(clamp(made, patch.epoch())));
      } else if (layer >= patch.baseLayers()) {
        clampEntry(entry, patch.epoch());
      }
      layer++;
    }
    String fallback = firstFallback(entries);
    if (fallback == null && patch.epoch() != null) {
      fallback = time(patch.epoch());
    }
    boolean behindNew = false;
    for (ObjectNode entry : entries) {
      if (entry.has("created")) {
        fallback = behindNew ? entry.get("created").stringValue() : fallback;
      } else {
        behindNew = true;
        if (fallback != null) {
          entry.put("created", fallback);
        }
      }
    }
  }

  /** The first time behind an entry without one, or else the last time. */
  private static @Nullable String firstFallback(List<ObjectNode> entries) {
    String found = null;
    boolean behindNew = false;
    for (ObjectNode entry : entries) {
      if (!entry.has("created")) {
        behindNew = true;
      } else {
        found = entry.get("created").stringValue();
        if (behindNew) {
          return found;
        }
      }
    }
    return found;
  }

  private static void clampEntry(ObjectNode entry, @Nullable Instant epoch) {
    JsonNode created = entry.get("created");
    if (created != null && created.isString()) {
      entry.put("created", clamped(created.stringValue(), epoch));
    }
  }

  /** The time at most as late as the epoch; one that cannot be read stays as it is. */
  private static String clamped(String text, @Nullable Instant epoch) {
    if (epoch == null) {
      return text;
    }
    try {
      Instant at = OffsetDateTime.parse(text).toInstant();
      return at.isAfter(epoch) ? time(epoch) : text;
    } catch (DateTimeParseException e) {
      return text;
    }
  }

  private static Instant clamp(Instant at, @Nullable Instant epoch) {
    return epoch != null && at.isAfter(epoch) ? epoch : at;
  }

  private static boolean isEmptyLayer(ObjectNode entry) {
    return entry.path("empty_layer").asBoolean(false);
  }

  /** The field order of OCI's history entries. */
  private static ObjectNode ordered(ObjectNode entry) {
    ObjectNode out = NODES.objectNode();
    for (String name : List.of("created", "created_by", "author", "comment", "empty_layer")) {
      if (entry.has(name)) {
        out.set(name, entry.get(name));
      }
    }
    return out;
  }

  private static @Nullable String created(
      @Nullable JsonNode given, List<ObjectNode> history, @Nullable Instant epoch) {
    if (given != null && given.isString()) {
      return clamped(given.stringValue(), epoch);
    }
    String last = null;
    for (ObjectNode entry : history) {
      if (entry.has("created")) {
        last = entry.get("created").stringValue();
      }
    }
    return last;
  }

  /** RFC 3339 with as many digits of the second's fraction as needed. */
  static String time(Instant at) {
    String text = at.toString();
    if (!text.contains(".")) {
      return text;
    }
    return text.replaceFirst("0+Z$", "Z");
  }
}
