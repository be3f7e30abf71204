package dev.kiln.dockerfile.subrequest;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON indented by two spaces, one element a line, with characters escaped that are special in
 * HTML.
 */
final class IndentedJson {

  private static final JsonMapper SCALARS = new JsonMapper();

  private final StringBuilder out = new StringBuilder();

  private IndentedJson() {}

  static String write(JsonNode node) {
    IndentedJson json = new IndentedJson();
    json.write(node, 0);
    return json.out.toString();
  }

  private void write(JsonNode node, int depth) {
    if (node.isObject()) {
      writeObject(node, depth);
    } else if (node.isArray()) {
      writeArray(node, depth);
    } else {
      writeScalar(node);
    }
  }

  private void writeObject(JsonNode node, int depth) {
    String separator = "";
    out.append('{');
    for (var property : node.properties()) {
      out.append(separator);
      newLine(depth + 1);
      writeText(SCALARS.writeValueAsString(property.getKey()));
      out.append(": ");
      write(property.getValue(), depth + 1);
      separator = ",";
    }
    close('}', node.isEmpty(), depth);
  }

  private void writeArray(JsonNode node, int depth) {
    String separator = "";
    out.append('[');
    for (JsonNode element : node) {
      out.append(separator);
      newLine(depth + 1);
      write(element, depth + 1);
      separator = ",";
    }
    close(']', node.isEmpty(), depth);
  }

  private void close(char bracket, boolean empty, int depth) {
    if (!empty) {
      newLine(depth);
    }
    out.append(bracket);
  }

  private void newLine(int depth) {
    out.append('\n').repeat("  ", depth);
  }

  private void writeScalar(JsonNode node) {
    writeText(SCALARS.writeValueAsString(node));
  }

  private void writeText(String json) {
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      switch (c) {
        case '<' -> out.append("\\u003c");
        case '>' -> out.append("\\u003e");
        case '&' -> out.append("\\u0026");
        default -> out.append(c);
      }
    }
  }
}
