package dev.kiln.daemon.history;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.kiln.snapshotter.content.Digest;
import dev.kiln.wire.control.Descriptor;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the blobs that a record names, wherever in it they are. */
final class RecordBlobs {
  private RecordBlobs() {}

  static void collect(Message message, Set<Digest> into) {
    if (message instanceof Descriptor descriptor) {
      if (Digest.isValid(descriptor.getDigest())) {
        into.add(new Digest(descriptor.getDigest()));
      }
      return;
    }
    for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
      if (field.getKey().getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
        continue;
      }
      List<?> values = field.getValue() instanceof List<?> list ? list : List.of(field.getValue());
      for (Object value : values) {
        collect((Message) value, into);
      }
    }
  }
}
