package dev.kiln.daemon.provenance;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.MapEntry;
import com.google.protobuf.Message;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Protobuf messages as BuildKit's provenance has them, which is not protobuf's own JSON: fields by
 * their names in the proto file, enums and all integers as numbers, defaults left out, and what is
 * in a oneof inside an object with the oneof's name in capitals. Stateless.
 */
final class GoProtoJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private GoProtoJson() {}

  static ObjectNode of(Message message) {
    ObjectNode out = NODES.objectNode();
    OneofDescriptor open = null;
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      OneofDescriptor oneof = field.getRealContainingOneof();
      if (oneof != null) {
        if (oneof != open) {
          open = oneof;
          out.set(capital(oneof.getName()), chosen(message, oneof));
        }
      } else if (field.isRepeated()) {
        if (message.getRepeatedFieldCount(field) > 0) {
          out.set(field.getName(), field.isMapField() ? map(message, field) : list(message, field));
        }
      } else if (isWritten(message, field)) {
        out.set(field.getName(), value(field, message.getField(field)));
      }
    }
    return out;
  }

  /** File actions name all their inputs, as an index of -1 and one of 0 both mean something. */
  private static boolean isWritten(Message message, FieldDescriptor field) {
    return message.hasField(field) || message.getDescriptorForType().getName().equals("FileAction");
  }

  private static String capital(String name) {
    return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }

  private static ObjectNode chosen(Message message, OneofDescriptor oneof) {
    ObjectNode out = NODES.objectNode();
    FieldDescriptor field = message.getOneofFieldDescriptor(oneof);
    if (field != null) {
      out.set(field.getName(), value(field, message.getField(field)));
    }
    return out;
  }

  private static ArrayNode list(Message message, FieldDescriptor field) {
    ArrayNode out = NODES.arrayNode();
    for (Object each : (List<?>) message.getField(field)) {
      out.add(value(field, each));
    }
    return out;
  }

  private static ObjectNode map(Message message, FieldDescriptor field) {
    FieldDescriptor valueField = field.getMessageType().findFieldByName("value");
    Map<String, JsonNode> sorted = new TreeMap<>();
    for (Object each : (List<?>) message.getField(field)) {
      if (each instanceof MapEntry<?, ?> entry) {
        sorted.put(String.valueOf(entry.getKey()), value(valueField, entry.getValue()));
      }
    }
    ObjectNode out = NODES.objectNode();
    sorted.forEach(out::set);
    return out;
  }

  private static JsonNode value(FieldDescriptor field, Object value) {
    return switch (value) {
      case Message message -> of(message);
      case EnumValueDescriptor constant -> NODES.numberNode(constant.getNumber());
      case ByteString bytes ->
          NODES.stringNode(Base64.getEncoder().encodeToString(bytes.toByteArray()));
      case String text -> NODES.stringNode(text);
      case Boolean flag -> NODES.booleanNode(flag);
      case Integer number ->
          NODES.numberNode(
              field.getType() == FieldDescriptor.Type.UINT32
                  ? Integer.toUnsignedLong(number)
                  : number.longValue());
      case Long number -> NODES.numberNode(number);
      default -> NODES.stringNode(value.toString());
    };
  }
}
