package dev.kiln.daemon.history;

import com.google.protobuf.ByteString;
import dev.kiln.daemon.export.image.GoJsonText;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Spans as a record keeps them: indented JSON objects one after the other, with the fields that
 * clients' viewers read (control.md, section 8). Stateless.
 */
final class TraceBlob {
  static final String MEDIA_TYPE = "application/vnd.buildkit.otlp.json.v0";

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final HexFormat HEX = HexFormat.of();
  private static final String NO_TRACE = "0".repeat(32);
  private static final String NO_SPAN = "0".repeat(16);
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private TraceBlob() {}

  static byte[] of(List<ResourceSpans> all) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (ResourceSpans resource : all) {
      ArrayNode process = attributes(resource.getResource().getAttributesList());
      for (ScopeSpans scope : resource.getScopeSpansList()) {
        ObjectNode library = scope(scope.getScope(), scope.getSchemaUrl());
        for (Span span : scope.getSpansList()) {
          out.writeBytes(GoJsonText.indented(json(span, process, library)));
          out.write('\n');
        }
      }
    }
    return out.toByteArray();
  }

  private static ObjectNode json(Span span, ArrayNode resource, ObjectNode scope) {
    ObjectNode out = NODES.objectNode();
    out.put("Name", span.getName());
    out.set("SpanContext", context(span.getTraceId(), span.getSpanId(), span.getTraceState()));
    out.set(
        "Parent",
        span.getParentSpanId().isEmpty()
            ? context(ByteString.EMPTY, ByteString.EMPTY, "")
            : context(span.getTraceId(), span.getParentSpanId(), ""));
    out.put("SpanKind", span.getKindValue());
    out.put("StartTime", time(span.getStartTimeUnixNano()));
    out.put("EndTime", time(span.getEndTimeUnixNano()));
    out.set("Attributes", attributes(span.getAttributesList()));
    out.set("Events", events(span));
    out.set("Links", links(span));
    ObjectNode status = out.putObject("Status");
    status.put("Code", code(span.getStatus().getCode()));
    status.put("Description", span.getStatus().getMessage());
    out.put("DroppedAttributes", span.getDroppedAttributesCount());
    out.put("DroppedEvents", span.getDroppedEventsCount());
    out.put("DroppedLinks", span.getDroppedLinksCount());
    out.put("ChildSpanCount", 0);
    out.set("Resource", resource);
    out.set("InstrumentationScope", scope);
    out.set("InstrumentationLibrary", scope);
    return out;
  }

  private static ObjectNode context(ByteString trace, ByteString span, String state) {
    ObjectNode out = NODES.objectNode();
    out.put("TraceID", trace.isEmpty() ? NO_TRACE : HEX.formatHex(trace.toByteArray()));
    out.put("SpanID", span.isEmpty() ? NO_SPAN : HEX.formatHex(span.toByteArray()));
    out.put("TraceFlags", span.isEmpty() ? "00" : "01");
    out.put("TraceState", state);
    out.put("Remote", false);
    return out;
  }

  private static ObjectNode scope(InstrumentationScope scope, String schema) {
    ObjectNode out = NODES.objectNode();
    out.put("Name", scope.getName());
    out.put("Version", scope.getVersion());
    out.put("SchemaURL", schema);
    return out;
  }

  private static ArrayNode events(Span span) {
    ArrayNode out = NODES.arrayNode();
    for (Span.Event event : span.getEventsList()) {
      ObjectNode one = out.addObject();
      one.put("Name", event.getName());
      one.set("Attributes", attributes(event.getAttributesList()));
      one.put("DroppedAttributeCount", event.getDroppedAttributesCount());
      one.put("Time", time(event.getTimeUnixNano()));
    }
    return out;
  }

  private static ArrayNode links(Span span) {
    ArrayNode out = NODES.arrayNode();
    for (Span.Link link : span.getLinksList()) {
      ObjectNode one = out.addObject();
      one.set("SpanContext", context(link.getTraceId(), link.getSpanId(), link.getTraceState()));
      one.set("Attributes", attributes(link.getAttributesList()));
      one.put("DroppedAttributeCount", link.getDroppedAttributesCount());
    }
    return out;
  }

  private static ArrayNode attributes(List<KeyValue> attributes) {
    ArrayNode out = NODES.arrayNode();
    for (KeyValue attribute : attributes) {
      ObjectNode one = out.addObject();
      one.put("Key", attribute.getKey());
      value(one.putObject("Value"), attribute.getValue());
    }
    return out;
  }

  /** Only the kinds that the viewers can read; lists are those of texts. */
  private static void value(ObjectNode out, AnyValue value) {
    switch (value.getValueCase()) {
      case BOOL_VALUE -> out.put("Type", "BOOL").put("Value", value.getBoolValue());
      case INT_VALUE -> out.put("Type", "INT64").put("Value", value.getIntValue());
      case DOUBLE_VALUE -> {
        double number = value.getDoubleValue();
        if (Double.isFinite(number)) {
          out.put("Type", "FLOAT64").put("Value", number);
        } else {
          out.put("Type", "STRING").put("Value", Double.toString(number));
        }
      }
      case ARRAY_VALUE -> {
        ArrayNode texts = out.put("Type", "STRINGSLICE").putArray("Value");
        value.getArrayValue().getValuesList().forEach(each -> texts.add(text(each)));
      }
      default -> out.put("Type", "STRING").put("Value", text(value));
    }
  }

  private static String text(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> value.getStringValue();
      case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
      case INT_VALUE -> Long.toString(value.getIntValue());
      case DOUBLE_VALUE -> Double.toString(value.getDoubleValue());
      case BYTES_VALUE -> HEX.formatHex(value.getBytesValue().toByteArray());
      case VALUE_NOT_SET -> "";
      default -> value.toString();
    };
  }

  private static String code(Status.StatusCode code) {
    return switch (code) {
      case STATUS_CODE_ERROR -> "Error";
      case STATUS_CODE_OK -> "Ok";
      default -> "Unset";
    };
  }

  private static String time(long unixNanos) {
    return Instant.ofEpochSecond(
            Math.floorDiv(unixNanos, NANOS_PER_SECOND), Math.floorMod(unixNanos, NANOS_PER_SECOND))
        .toString();
  }
}
