package dev.kiln.cli.progress;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.kiln.solver.pb.Range;
import dev.kiln.wire.control.StatusResponse;
import dev.kiln.wire.control.Vertex;
import dev.kiln.wire.control.VertexLog;
import dev.kiln.wire.control.VertexStatus;
import dev.kiln.wire.control.VertexWarning;
import java.io.PrintStream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One line of JSON for each piece of news, with the names that other clients use. */
final class JsonDisplay implements Display {
  private final PrintStream out;

  JsonDisplay(PrintStream out) {
    this.out = out;
  }

  @Override
  public void update(StatusResponse news) {
    ObjectNode line = JsonMapper.shared().createObjectNode();
    if (news.getVertexesCount() > 0) {
      ArrayNode list = line.putArray("vertexes");
      news.getVertexesList().forEach(vertex -> add(list.addObject(), vertex));
    }
    if (news.getStatusesCount() > 0) {
      ArrayNode list = line.putArray("statuses");
      news.getStatusesList().forEach(status -> add(list.addObject(), status));
    }
    if (news.getLogsCount() > 0) {
      ArrayNode list = line.putArray("logs");
      news.getLogsList().forEach(log -> add(list.addObject(), log));
    }
    if (news.getWarningsCount() > 0) {
      ArrayNode list = line.putArray("warnings");
      news.getWarningsList().forEach(warning -> add(list.addObject(), warning));
    }
    out.println(line);
  }

  private static void add(ObjectNode node, Vertex vertex) {
    text(node, "digest", vertex.getDigest());
    if (vertex.getInputsCount() > 0) {
      ArrayNode inputs = node.putArray("inputs");
      vertex.getInputsList().forEach(inputs::add);
    }
    text(node, "name", vertex.getName());
    time(node, "started", vertex.hasStarted(), vertex.getStarted());
    time(node, "completed", vertex.hasCompleted(), vertex.getCompleted());
    if (vertex.getCached()) {
      node.put("cached", true);
    }
    text(node, "error", vertex.getError());
    if (vertex.hasProgressGroup()) {
      ObjectNode group = node.putObject("progressGroup");
      text(group, "id", vertex.getProgressGroup().getId());
      text(group, "name", vertex.getProgressGroup().getName());
      if (vertex.getProgressGroup().getWeak()) {
        group.put("weak", true);
      }
    }
  }

  private static void add(ObjectNode node, VertexStatus status) {
    node.put("id", status.getID());
    text(node, "vertex", status.getVertex());
    text(node, "name", status.getName());
    if (status.getTotal() != 0) {
      node.put("total", status.getTotal());
    }
    node.put("current", status.getCurrent());
    time(node, "timestamp", true, status.getTimestamp());
    time(node, "started", status.hasStarted(), status.getStarted());
    time(node, "completed", status.hasCompleted(), status.getCompleted());
  }

  private static void add(ObjectNode node, VertexLog log) {
    text(node, "vertex", log.getVertex());
    if (log.getStream() != 0) {
      node.put("stream", log.getStream());
    }
    node.put("data", log.getMsg().toByteArray());
    time(node, "timestamp", true, log.getTimestamp());
  }

  private static void add(ObjectNode node, VertexWarning warning) {
    text(node, "vertex", warning.getVertex());
    if (warning.getLevel() != 0) {
      node.put("level", warning.getLevel());
    }
    if (!warning.getShort().isEmpty()) {
      node.put("short", warning.getShort().toByteArray());
    }
    if (warning.getDetailCount() > 0) {
      ArrayNode details = node.putArray("detail");
      warning.getDetailList().stream().map(ByteString::toByteArray).forEach(details::add);
    }
    text(node, "url", warning.getUrl());
    if (warning.hasInfo()) {
      ObjectNode info = node.putObject("sourceInfo");
      text(info, "filename", warning.getInfo().getFilename());
      info.put("data", warning.getInfo().getData().toByteArray());
      text(info, "language", warning.getInfo().getLanguage());
    }
    if (warning.getRangesCount() > 0) {
      ArrayNode ranges = node.putArray("range");
      for (Range range : warning.getRangesList()) {
        ObjectNode one = ranges.addObject();
        one.putObject("start")
            .put("line", range.getStart().getLine())
            .put("character", range.getStart().getCharacter());
        one.putObject("end")
            .put("line", range.getEnd().getLine())
            .put("character", range.getEnd().getCharacter());
      }
    }
  }

  private static void text(ObjectNode node, String key, String value) {
    if (!value.isEmpty()) {
      node.put(key, value);
    }
  }

  private static void time(ObjectNode node, String key, boolean there, Timestamp time) {
    if (there) {
      node.put(key, Trace.time(time).toString());
    }
  }

  @Override
  public void refresh() {}

  @Override
  public void finish() {
    out.flush();
  }
}
