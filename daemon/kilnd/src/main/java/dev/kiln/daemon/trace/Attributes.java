package dev.kiln.daemon.trace;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.List;

/** Attributes of spans and resources. Stateless. */
final class Attributes {
  private Attributes() {}

  static KeyValue of(String key, String value) {
    return attribute(key, text(value));
  }

  static KeyValue of(String key, long value) {
    return attribute(key, AnyValue.newBuilder().setIntValue(value).build());
  }

  static KeyValue of(String key, boolean value) {
    return attribute(key, AnyValue.newBuilder().setBoolValue(value).build());
  }

  static KeyValue of(String key, List<String> values) {
    ArrayValue.Builder array = ArrayValue.newBuilder();
    values.forEach(value -> array.addValues(text(value)));
    return attribute(key, AnyValue.newBuilder().setArrayValue(array).build());
  }

  private static AnyValue text(String value) {
    return AnyValue.newBuilder().setStringValue(value).build();
  }

  private static KeyValue attribute(String key, AnyValue value) {
    return KeyValue.newBuilder().setKey(key).setValue(value).build();
  }
}
