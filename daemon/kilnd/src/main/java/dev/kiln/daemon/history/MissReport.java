package dev.kiln.daemon.history;

import dev.kiln.daemon.progress.ProgressLog;
import dev.kiln.solver.Miss;
import dev.kiln.wire.control.Vertex;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Why the steps of a build ran, as JSON: {@code {"ref": ..., "steps": [...]}}, in the order in
 * which they began. A step has {@code vertex} (its digest), {@code name}, {@code reason} ({@link
 * Miss.Reason#code}), {@code text} (the reason in words), for {@code changed} also {@code what},
 * {@code before} and {@code now}, and where there is one {@code nearest}, the run that it was
 * compared with: {@code name} and {@code at}. Stateless.
 */
final class MissReport {
  static final String MEDIA_TYPE = "application/vnd.kiln.misses.v1+json";

  private MissReport() {}

  /** The report of a build; empty when no step missed the cache. */
  static byte[] of(String ref, ProgressLog progress) {
    Map<String, Miss> misses = progress.misses();
    if (misses.isEmpty()) {
      return new byte[0];
    }
    Map<String, String> names = new HashMap<>();
    for (Vertex vertex : progress.vertices()) {
      names.put(vertex.getDigest(), vertex.getName());
    }
    ObjectNode report = JsonNodeFactory.instance.objectNode();
    // Names the build, so that no other build's report is the same blob.
    report.put("ref", ref);
    ArrayNode steps = report.putArray("steps");
    misses.forEach(
        (vertex, miss) -> {
          ObjectNode step = steps.addObject();
          step.put("vertex", vertex);
          step.put("name", names.getOrDefault(vertex, ""));
          describe(miss, step);
        });
    return report.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void describe(Miss miss, ObjectNode step) {
    step.put("reason", miss.reason().code());
    step.put("text", miss.text());
    if (miss.reason() == Miss.Reason.CHANGED) {
      step.put("what", miss.what());
      step.put("before", miss.before());
      step.put("now", miss.now());
    }
    Miss.Nearest nearest = miss.nearest();
    if (nearest != null) {
      ObjectNode of = step.putObject("nearest");
      of.put("name", nearest.name());
      of.put("at", nearest.at().toString());
    }
  }
}
