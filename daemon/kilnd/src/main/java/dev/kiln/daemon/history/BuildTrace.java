package dev.kiln.daemon.history;

import com.google.protobuf.Timestamp;
import dev.kiln.daemon.export.image.GoJsonText;
import dev.kiln.daemon.gateway.RandomIds;
import dev.kiln.solver.Sha256;
import dev.kiln.wire.control.BuildHistoryRecord;
import dev.kiln.wire.control.Vertex;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Collection;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A build's course as spans, one for the build and one for each of its vertices: indented JSON
 * objects one after the other, with the fields that clients' viewers read (control.md, section 8).
 * Stateless.
 */
final class BuildTrace {
  static final String MEDIA_TYPE = "application/vnd.buildkit.otlp.json.v0";

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int TRACE_ID_CHARS = 32;
  private static final int SPAN_ID_CHARS = 16;
  private static final String NO_TRACE = "0".repeat(TRACE_ID_CHARS);
  private static final String NO_SPAN = "0".repeat(SPAN_ID_CHARS);
  private static final int INTERNAL = 1;

  private BuildTrace() {}

  /** The spans of a finished build. */
  static byte[] of(BuildHistoryRecord record, Collection<Vertex> vertices) {
    String trace = hex(RandomIds.next()).substring(0, TRACE_ID_CHARS);
    String root = hex(record.getRef()).substring(0, SPAN_ID_CHARS);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ObjectNode build =
        span("build " + record.getRef(), trace, root, NO_TRACE, NO_SPAN, record.getCreatedAt());
    end(build, record.getCompletedAt(), record.getError().getMessage());
    write(out, build);
    for (Vertex vertex : vertices) {
      if (vertex.hasStarted() && vertex.hasCompleted()) {
        String id = hex(vertex.getDigest()).substring(0, SPAN_ID_CHARS);
        ObjectNode span = span(vertex.getName(), trace, id, trace, root, vertex.getStarted());
        ArrayNode attributes = span.putArray("Attributes");
        attribute(attributes, "vertex", vertex.getDigest());
        end(span, vertex.getCompleted(), vertex.getError());
        write(out, span);
      }
    }
    return out.toByteArray();
  }

  private static String hex(String text) {
    return Sha256.of(text).substring("sha256:".length());
  }

  private static ObjectNode span(
      String name, String trace, String id, String parentTrace, String parent, Timestamp start) {
    ObjectNode out = NODES.objectNode();
    out.put("Name", name);
    out.set("SpanContext", context(trace, id, "01"));
    out.set("Parent", context(parentTrace, parent, parent.equals(NO_SPAN) ? "00" : "01"));
    out.put("SpanKind", INTERNAL);
    out.put("StartTime", time(start));
    return out;
  }

  private static ObjectNode context(String trace, String span, String flags) {
    ObjectNode out = NODES.objectNode();
    out.put("TraceID", trace);
    out.put("SpanID", span);
    out.put("TraceFlags", flags);
    out.put("TraceState", "");
    out.put("Remote", false);
    return out;
  }

  private static void attribute(ArrayNode out, String key, String text) {
    ObjectNode one = out.addObject();
    one.put("Key", key);
    ObjectNode value = one.putObject("Value");
    value.put("Type", "STRING");
    value.put("Value", text);
  }

  private static void end(ObjectNode span, Timestamp at, String error) {
    span.put("EndTime", time(at));
    ObjectNode status = span.putObject("Status");
    status.put("Code", error.isEmpty() ? "Unset" : "Error");
    status.put("Description", error);
    ObjectNode resource = span.putArray("Resource").addObject();
    resource.put("Key", "service.name");
    ObjectNode value = resource.putObject("Value");
    value.put("Type", "STRING");
    value.put("Value", "kilnd");
  }

  private static String time(Timestamp at) {
    return Instant.ofEpochSecond(at.getSeconds(), at.getNanos()).toString();
  }

  private static void write(ByteArrayOutputStream out, ObjectNode span) {
    out.writeBytes(GoJsonText.indented(span));
    out.write('\n');
  }
}
