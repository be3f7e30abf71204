package dev.kiln.wire.error;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Messages as Go's plain JSON encoder writes them: field names as in the .proto file, zero values
 * left out, bytes in base64, enums and 64-bit integers as numbers. This is not protobuf's own JSON
 * form.
 */
final class ProtoFieldsJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private ProtoFieldsJson() {}

  static ObjectNode write(Message message) {
    ObjectNode object = NODES.objectNode();
    for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
      FieldDescriptor field = entry.getKey();
      object.set(
          field.getName(),
          field.isMapField()
              ? map((List<?>) entry.getValue())
              : field.isRepeated() ? list((List<?>) entry.getValue()) : value(entry.getValue()));
    }
    return object;
  }

  private static JsonNode map(List<?> entries) {
    ObjectNode object = NODES.objectNode();
    for (Object entry : entries) {
      Message message = (Message) entry;
      FieldDescriptor key = message.getDescriptorForType().findFieldByNumber(1);
      FieldDescriptor value = message.getDescriptorForType().findFieldByNumber(2);
      object.set(message.getField(key).toString(), value(message.getField(value)));
    }
    return object;
  }

  private static JsonNode list(List<?> values) {
    ArrayNode array = NODES.arrayNode();
    values.forEach(value -> array.add(value(value)));
    return array;
  }

  private static JsonNode value(Object value) {
    return switch (value) {
      case String text -> NODES.stringNode(text);
      case Boolean flag -> NODES.booleanNode(flag);
      case Integer number -> NODES.numberNode(number);
      case Long number -> NODES.numberNode(number);
      case Double number -> NODES.numberNode(number);
      case Float number -> NODES.numberNode(number);
      case EnumValueDescriptor choice -> NODES.numberNode(choice.getNumber());
      case ByteString bytes ->
          NODES.stringNode(Base64.getEncoder().encodeToString(bytes.toByteArray()));
      case Message message -> write(message);
      default -> throw new IllegalArgumentException("no field has a " + value.getClass());
    };
  }

  /** Fills a message; what has no field is skipped. */
  static <B extends Message.Builder> B read(JsonNode object, B builder) {
    for (FieldDescriptor field : builder.getDescriptorForType().getFields()) {
      JsonNode node = object.get(field.getName());
      if (node == null || node.isNull()) {
        continue;
      }
      if (field.isMapField()) {
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
          builder.addRepeatedField(field, entry(entry, builder.newBuilderForField(field)));
        }
      } else if (field.isRepeated()) {
        node.forEach(item -> builder.addRepeatedField(field, parse(item, field, builder)));
      } else {
        builder.setField(field, parse(node, field, builder));
      }
    }
    return builder;
  }

  private static Message entry(Map.Entry<String, JsonNode> entry, Message.Builder builder) {
    FieldDescriptor key = builder.getDescriptorForType().findFieldByNumber(1);
    FieldDescriptor value = builder.getDescriptorForType().findFieldByNumber(2);
    return builder
        .setField(key, parse(NODES.stringNode(entry.getKey()), key, builder))
        .setField(value, parse(entry.getValue(), value, builder))
        .build();
  }

  private static Object parse(JsonNode node, FieldDescriptor field, Message.Builder owner) {
    return switch (field.getJavaType()) {
      case STRING -> node.asString();
      case BOOLEAN -> node.asBoolean();
      case INT -> node.asInt();
      case LONG -> node.asLong();
      case DOUBLE -> node.asDouble();
      case FLOAT -> (float) node.asDouble();
      case ENUM -> field.getEnumType().findValueByNumberCreatingIfUnknown(node.asInt());
      case BYTE_STRING -> ByteString.copyFrom(Base64.getDecoder().decode(node.asString()));
      case MESSAGE -> read(node, owner.newBuilderForField(field)).build();
    };
  }
}
