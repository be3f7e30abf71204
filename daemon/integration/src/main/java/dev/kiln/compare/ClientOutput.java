package dev.kiln.compare;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Understands what {@code buildctl --progress=rawjson} prints. */
final class ClientOutput {
  private static final JsonMapper JSON = new JsonMapper();

  /** Names of steps of the Dockerfile begin so; exporters and the like are the daemons' own. */
  private static final String STEP = "[";

  /** What is new in every build. */
  private static final Pattern DIGEST = Pattern.compile("\\b[0-9a-f]{64}\\b");

  /** One id, or several of one thing. */
  private static final Pattern ID =
      Pattern.compile("\\b(?=[a-z]*[0-9])[a-z0-9]{25}(::[a-z0-9]{25})*\\b");

  /** What the client logs of its own affairs. */
  private static final String LOG = "time=\"";

  private final List<String> errors = new ArrayList<>();
  private final TreeSet<String> steps = new TreeSet<>();
  private final TreeSet<String> warnings = new TreeSet<>();

  private ClientOutput() {}

  /** Reads the lines that a client printed. */
  static ClientOutput read(List<String> lines) {
    ClientOutput output = new ClientOutput();
    for (String line : lines) {
      JsonNode status = status(line);
      if (status == null && !line.startsWith(LOG)) {
        output.errors.add(normal(line));
      } else if (status != null) {
        output.add(status);
      }
    }
    return output;
  }

  private static @Nullable JsonNode status(String line) {
    if (!line.startsWith("{")) {
      return null;
    }
    try {
      return JSON.readTree(line);
    } catch (JacksonException e) {
      return null;
    }
  }

  private void add(JsonNode status) {
    for (JsonNode vertex : status.path("vertexes")) {
      String name = normal(vertex.path("name").asString(""));
      if (name.startsWith(STEP)) {
        steps.add(name);
      }
    }
    for (JsonNode warning : status.path("warnings")) {
      StringBuilder text = new StringBuilder(decoded(warning.path("short")));
      warning.path("detail").forEach(detail -> text.append(" / ").append(decoded(detail)));
      text.append(" / ").append(warning.path("url").asString(""));
      warning.path("range").forEach(range -> text.append(" / ").append(range.toString()));
      warnings.add(text.toString());
    }
  }

  private static String decoded(JsonNode base64) {
    byte[] bytes = Base64.getDecoder().decode(base64.asString(""));
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** A text without what is new in every build. */
  static String normal(String text) {
    String digests = DIGEST.matcher(text).replaceAll("<digest>");
    return ID.matcher(digests).replaceAll("<id>").stripTrailing();
  }

  /** Lines that are not progress: what the client tells of a failure. */
  List<String> errors() {
    return errors;
  }

  /** Sorted names of the Dockerfile's steps. */
  List<String> steps() {
    return List.copyOf(steps);
  }

  /** Sorted warnings, with their rule's text, address and lines. */
  List<String> warnings() {
    return List.copyOf(warnings);
  }
}
