package dev.kiln.dockerfile.subrequest;

import dev.kiln.dockerfile.parser.Location;
import dev.kiln.solver.pb.Definition;
import dev.kiln.solver.pb.OpMetadata;
import dev.kiln.solver.pb.SourceInfo;
import java.util.Base64;
import java.util.List;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Messages of the protocol in the JSON form that clients read: keys with empty values are left out.
 */
final class WireJson {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private WireJson() {}

  static ObjectNode object() {
    return JSON.objectNode();
  }

  static ArrayNode array() {
    return JSON.arrayNode();
  }

  /** Adds the key unless the text is empty. */
  static void put(ObjectNode object, String key, String text) {
    if (!text.isEmpty()) {
      object.put(key, text);
    }
  }

  /** Adds the key unless the value is false. */
  static void put(ObjectNode object, String key, boolean value) {
    if (value) {
      object.put(key, true);
    }
  }

  /** One range for each line. */
  static ObjectNode location(List<Location> places) {
    ObjectNode location = object();
    ArrayNode ranges = array();
    for (Location place : places) {
      for (int line = place.startLine(); line <= place.endLine(); line++) {
        ObjectNode range = ranges.addObject();
        range.putObject("start").put("line", line);
        range.putObject("end").put("line", line);
      }
    }
    if (!ranges.isEmpty()) {
      location.set("ranges", ranges);
    }
    return location;
  }

  static ObjectNode source(SourceInfo source) {
    ObjectNode json = object();
    put(json, "filename", source.getFilename());
    put(json, "data", Base64.getEncoder().encodeToString(source.getData().toByteArray()));
    if (source.hasDefinition()) {
      json.set("definition", definition(source.getDefinition()));
    }
    put(json, "language", source.getLanguage());
    return json;
  }

  private static ObjectNode definition(Definition definition) {
    ObjectNode json = object();
    ArrayNode ops = array();
    definition
        .getDefList()
        .forEach(op -> ops.add(Base64.getEncoder().encodeToString(op.toByteArray())));
    if (!ops.isEmpty()) {
      json.set("def", ops);
    }
    ObjectNode metadata = object();
    new TreeMap<>(definition.getMetadataMap())
        .forEach((digest, value) -> metadata.set(digest, metadata(value)));
    if (!metadata.isEmpty()) {
      json.set("metadata", metadata);
    }
    return json;
  }

  private static ObjectNode metadata(OpMetadata metadata) {
    ObjectNode json = object();
    put(json, "ignore_cache", metadata.getIgnoreCache());
    ObjectNode description = object();
    new TreeMap<>(metadata.getDescriptionMap()).forEach(description::put);
    if (!description.isEmpty()) {
      json.set("description", description);
    }
    ObjectNode caps = object();
    new TreeMap<>(metadata.getCapsMap()).forEach(caps::put);
    if (!caps.isEmpty()) {
      json.set("caps", caps);
    }
    return json;
  }
}
