package dev.kiln.solver.llb;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import dev.kiln.solver.pb.UserOpt;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;

/**
 * JSON text as Go's encoder writes it, which is what op digests are made over (cache-keys.md,
 * section 3). Texts come from protobuf, hence are valid UTF-8. A small writer: the caller states
 * names and values in order. Not thread-safe.
 */
final class GoJson {
  private final StringBuilder out = new StringBuilder();
  private boolean first = true;

  /** The JSON of a message: fields by number, empty ones left out. */
  static String of(Message message) {
    GoJson json = new GoJson();
    json.message(message);
    return json.toString();
  }

  @Override
  public String toString() {
    return out.toString();
  }

  GoJson open(char bracket) {
    out.append(bracket);
    first = true;
    return this;
  }

  GoJson close(char bracket) {
    out.append(bracket);
    first = false;
    return this;
  }

  /** Starts a member of an object. */
  GoJson name(String name) {
    separate();
    string(name);
    out.append(':');
    first = true;
    return this;
  }

  /** Starts an element of a list. */
  GoJson separate() {
    if (!first) {
      out.append(',');
    }
    first = false;
    return this;
  }

  GoJson field(String name, String value) {
    return name(name).string(value);
  }

  GoJson fieldUnlessEmpty(String name, String value) {
    return value.isEmpty() ? this : field(name, value);
  }

  GoJson number(long value) {
    out.append(value);
    first = false;
    return this;
  }

  GoJson raw(String json) {
    out.append(json);
    first = false;
    return this;
  }

  /** A list of texts. */
  GoJson strings(List<String> values) {
    open('[');
    values.forEach(v -> separate().string(v));
    return close(']');
  }

  GoJson message(Message message) {
    if (message instanceof UserOpt user) {
      return user(user);
    }
    open('{');
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      if (field.isRepeated()
          ? message.getRepeatedFieldCount(field) > 0
          : message.hasField(field) && !isZero(field, message.getField(field))) {
        name(field.getName());
        if (field.isMapField()) {
          map(field, message);
        } else if (field.isRepeated()) {
          open('[');
          ((List<?>) message.getField(field)).forEach(v -> separate().value(field, v));
          close(']');
        } else {
          value(field, message.getField(field));
        }
      }
    }
    return close('}');
  }

  /** The owner of a file has a form of its own, which loses the id 0. */
  private GoJson user(UserOpt user) {
    open('{').name("User").open('{');
    if (user.hasByName()) {
      name("byName").message(user.getByName());
    } else if (user.getByID() != 0) {
      name("byId").number(Integer.toUnsignedLong(user.getByID()));
    }
    return close('}').close('}');
  }

  private static boolean isZero(FieldDescriptor field, Object value) {
    return field.getJavaType() != JavaType.MESSAGE && value.equals(field.getDefaultValue());
  }

  private void map(FieldDescriptor field, Message message) {
    FieldDescriptor key = field.getMessageType().findFieldByNumber(1);
    FieldDescriptor value = field.getMessageType().findFieldByNumber(2);
    List<Message> entries = new ArrayList<>();
    ((List<?>) message.getField(field)).forEach(e -> entries.add((Message) e));
    entries.sort(
        Comparator.comparing(
            e -> ByteString.copyFromUtf8(String.valueOf(e.getField(key))),
            ByteString.unsignedLexicographicalComparator()));
    open('{');
    for (Message entry : entries) {
      name(String.valueOf(entry.getField(key))).value(value, entry.getField(value));
    }
    close('}');
  }

  private void value(FieldDescriptor field, Object value) {
    switch (field.getJavaType()) {
      case MESSAGE -> message((Message) value);
      case STRING -> string((String) value);
      case BYTE_STRING ->
          string(Base64.getEncoder().encodeToString(((ByteString) value).toByteArray()));
      case ENUM -> number(((EnumValueDescriptor) value).getNumber());
      case INT ->
          number(
              field.getType() == FieldDescriptor.Type.UINT32
                  ? Integer.toUnsignedLong((Integer) value)
                  : (Integer) value);
      case LONG ->
          raw(
              field.getType() == FieldDescriptor.Type.UINT64
                  ? Long.toUnsignedString((Long) value)
                  : Long.toString((Long) value));
      case BOOLEAN -> raw(value.toString());
      default -> throw new IllegalArgumentException("LLB has no type " + field.getJavaType());
    }
  }

  GoJson string(String text) {
    GoString.quote(out, text);
    first = false;
    return this;
  }
}
