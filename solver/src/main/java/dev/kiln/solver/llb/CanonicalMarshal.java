package dev.kiln.solver.llb;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The bytes over which a vertex is digested: fields by rising number, the members of a oneof after
 * them, map entries by key, unknown fields last (llb.md, section 2). What protobuf-java writes
 * differs in the place of the oneof. Stateless.
 */
public final class CanonicalMarshal {
  private static final Map<Descriptor, List<FieldDescriptor>> ORDER = new ConcurrentHashMap<>();

  private CanonicalMarshal() {}

  /** The canonical bytes of a message. */
  public static byte[] bytes(Message message) {
    // The order of fields does not change how long they are.
    byte[] bytes = new byte[message.getSerializedSize()];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      writeFields(out, message);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.checkNoSpaceLeft();
    return bytes;
  }

  private static void writeFields(CodedOutputStream out, Message message) throws IOException {
    for (FieldDescriptor field : order(message)) {
      writeField(out, message, field);
    }
    message.getUnknownFields().writeTo(out);
  }

  private static List<FieldDescriptor> order(Message message) {
    return ORDER.computeIfAbsent(
        message.getDescriptorForType(),
        type -> {
          List<FieldDescriptor> fields = new ArrayList<>(type.getFields());
          fields.sort(
              Comparator.comparing((FieldDescriptor f) -> f.getRealContainingOneof() != null)
                  .thenComparingInt(FieldDescriptor::getNumber));
          return List.copyOf(fields);
        });
  }

  private static void writeField(CodedOutputStream out, Message message, FieldDescriptor field)
      throws IOException {
    if (field.isMapField()) {
      writeMap(out, field, (List<?>) message.getField(field));
    } else if (field.isRepeated()) {
      writeList(out, field, (List<?>) message.getField(field));
    } else if (message.hasField(field)) {
      write(out, field, message.getField(field));
    }
  }

  private static void writeMap(CodedOutputStream out, FieldDescriptor field, List<?> entries)
      throws IOException {
    FieldDescriptor key = field.getMessageType().findFieldByNumber(1);
    FieldDescriptor value = field.getMessageType().findFieldByNumber(2);
    List<Message> sorted = new ArrayList<>();
    entries.forEach(e -> sorted.add((Message) e));
    sorted.sort(
        Comparator.comparing(
            e -> ByteString.copyFromUtf8(String.valueOf(e.getField(key))),
            ByteString.unsignedLexicographicalComparator()));
    for (Message entry : sorted) {
      writeLength(out, field, entry);
      write(out, key, entry.getField(key));
      write(out, value, entry.getField(value));
    }
  }

  private static void writeList(CodedOutputStream out, FieldDescriptor field, List<?> values)
      throws IOException {
    if (!field.isPacked()) {
      for (Object value : values) {
        write(out, field, value);
      }
      return;
    }
    if (values.isEmpty()) {
      return;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream inner = CodedOutputStream.newInstance(bytes);
    for (Object value : values) {
      switch (field.getType()) {
        case INT32 -> inner.writeInt32NoTag((Integer) value);
        case INT64 -> inner.writeInt64NoTag((Long) value);
        case UINT32 -> inner.writeUInt32NoTag((Integer) value);
        case UINT64 -> inner.writeUInt64NoTag((Long) value);
        case BOOL -> inner.writeBoolNoTag((Boolean) value);
        case ENUM -> inner.writeEnumNoTag(((EnumValueDescriptor) value).getNumber());
        default -> throw unknownType(field);
      }
    }
    inner.flush();
    out.writeByteArray(field.getNumber(), bytes.toByteArray());
  }

  private static void write(CodedOutputStream out, FieldDescriptor field, Object value)
      throws IOException {
    int number = field.getNumber();
    switch (field.getType()) {
      case INT32 -> out.writeInt32(number, (Integer) value);
      case INT64 -> out.writeInt64(number, (Long) value);
      case UINT32 -> out.writeUInt32(number, (Integer) value);
      case UINT64 -> out.writeUInt64(number, (Long) value);
      case BOOL -> out.writeBool(number, (Boolean) value);
      case STRING -> out.writeString(number, (String) value);
      case BYTES -> out.writeBytes(number, (ByteString) value);
      case ENUM -> out.writeEnum(number, ((EnumValueDescriptor) value).getNumber());
      case MESSAGE -> {
        Message message = (Message) value;
        writeLength(out, field, message);
        writeFields(out, message);
      }
      default -> throw unknownType(field);
    }
  }

  private static void writeLength(CodedOutputStream out, FieldDescriptor field, Message message)
      throws IOException {
    out.writeTag(field.getNumber(), WireFormat.WIRETYPE_LENGTH_DELIMITED);
    out.writeUInt32NoTag(message.getSerializedSize());
  }

  private static IllegalArgumentException unknownType(FieldDescriptor field) {
    return new IllegalArgumentException(
        "could not marshal field " + field.getFullName() + ": LLB has no type " + field.getType());
  }
}
