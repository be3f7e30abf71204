package dev.kiln.registry.image;

import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.content.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads fields from an image's JSON documents, and forgives what may be missing.
 *
 * @param what the document's name in messages
 */
record ImageJson(JsonNode node, String what) {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  static ImageJson read(byte[] json, String what) throws InvalidImageException {
    JsonNode node;
    try {
      node = MAPPER.readTree(json);
    } catch (JacksonException e) {
      throw new InvalidImageException(
          "could not read the " + what + ": " + e.getOriginalMessage(), e);
    }
    if (!node.isObject()) {
      throw new InvalidImageException("could not read the " + what + ": it is not a JSON object");
    }
    return new ImageJson(node, what);
  }

  boolean has(String field) {
    JsonNode value = node.path(field);
    return !value.isMissingNode() && !value.isNull();
  }

  String text(String field) {
    JsonNode value = node.path(field);
    return value.isString() ? value.stringValue() : "";
  }

  boolean flag(String field) {
    return node.path(field).asBoolean(false);
  }

  ImageJson child(String field) {
    return new ImageJson(node.path(field), what);
  }

  List<ImageJson> children(String field) {
    List<ImageJson> out = new ArrayList<>();
    for (JsonNode element : node.path(field)) {
      out.add(new ImageJson(element, what));
    }
    return out;
  }

  List<String> strings(String field) {
    List<String> out = new ArrayList<>();
    for (JsonNode element : node.path(field)) {
      if (element.isString()) {
        out.add(element.stringValue());
      }
    }
    return List.copyOf(out);
  }

  Map<String, String> texts(String field) {
    Map<String, String> out = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : node.path(field).properties()) {
      if (entry.getValue().isString()) {
        out.put(entry.getKey(), entry.getValue().stringValue());
      }
    }
    return out;
  }

  List<Digest> digests(String field) throws InvalidImageException {
    List<Digest> out = new ArrayList<>();
    for (String text : strings(field)) {
      out.add(digest(text));
    }
    return out;
  }

  Descriptor descriptor(String field) throws InvalidImageException {
    if (!has(field)) {
      throw new InvalidImageException(
          "could not read the " + what + ": it has no \"" + field + "\"");
    }
    return child(field).asDescriptor();
  }

  Optional<Descriptor> optionalDescriptor(String field) throws InvalidImageException {
    return has(field) ? Optional.of(descriptor(field)) : Optional.empty();
  }

  List<Descriptor> descriptors(String field) throws InvalidImageException {
    List<Descriptor> out = new ArrayList<>();
    for (ImageJson element : children(field)) {
      out.add(element.asDescriptor());
    }
    return out;
  }

  List<ManifestEntry> entries(String field) throws InvalidImageException {
    List<ManifestEntry> out = new ArrayList<>();
    for (ImageJson element : children(field)) {
      Optional<Platform> platform =
          element.has("platform")
              ? Optional.of(element.child("platform").platform())
              : Optional.empty();
      out.add(new ManifestEntry(element.asDescriptor(), platform, element.text("artifactType")));
    }
    return out;
  }

  Platform platform() {
    return new Platform(
        text("os"),
        text("architecture"),
        text("variant"),
        text("os.version"),
        strings("os.features"));
  }

  private Descriptor asDescriptor() throws InvalidImageException {
    long size = node.path("size").asLong(-1);
    if (size < 0) {
      throw new InvalidImageException("could not read the " + what + ": a descriptor has no size");
    }
    return new Descriptor(text("mediaType"), digest(text("digest")), size, texts("annotations"));
  }

  private Digest digest(String text) throws InvalidImageException {
    try {
      return new Digest(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidImageException("could not read the " + what + ": " + e.getMessage(), e);
    }
  }
}
