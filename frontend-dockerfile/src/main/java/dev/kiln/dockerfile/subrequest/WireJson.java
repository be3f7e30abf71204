package dev.kiln.dockerfile.subrequest;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.MapEntry;
import com.google.protobuf.Message;
import dev.kiln.dockerfile.parser.Location;
import java.util.Base64;
import java.util.List;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
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

  /**
   * A message field by field, under the names that its definition has. Bytes are base64, integers
   * are numbers. Messages with alternatives ({@code oneof}) are not meant to be written so.
   */
  static ObjectNode message(Message message) {
    ObjectNode json = object();
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      if (field.isMapField()) {
        setUnlessEmpty(json, field, map(message, field));
      } else if (field.isRepeated()) {
        setUnlessEmpty(json, field, list((List<?>) message.getField(field)));
      } else if (message.hasField(field)) {
        json.set(field.getName(), value(message.getField(field)));
      }
    }
    return json;
  }

  private static void setUnlessEmpty(ObjectNode json, FieldDescriptor field, JsonNode value) {
    if (!value.isEmpty()) {
      json.set(field.getName(), value);
    }
  }

  private static ObjectNode map(Message message, FieldDescriptor field) {
    TreeMap<String, JsonNode> sorted = new TreeMap<>();
    for (Object entry : (List<?>) message.getField(field)) {
      if (entry instanceof MapEntry<?, ?> pair) {
        sorted.put(String.valueOf(pair.getKey()), value(pair.getValue()));
      }
    }
    ObjectNode json = object();
    sorted.forEach(json::set);
    return json;
  }

  private static ArrayNode list(List<?> values) {
    ArrayNode json = array();
    values.forEach(element -> json.add(value(element)));
    return json;
  }

  private static JsonNode value(Object value) {
    return switch (value) {
      case Message nested -> message(nested);
      case ByteString bytes ->
          JSON.stringNode(Base64.getEncoder().encodeToString(bytes.toByteArray()));
      case Boolean flag -> JSON.booleanNode(flag);
      case Integer number -> JSON.numberNode(number);
      case Long number -> JSON.numberNode(number);
      default -> JSON.stringNode(value.toString());
    };
  }
}
