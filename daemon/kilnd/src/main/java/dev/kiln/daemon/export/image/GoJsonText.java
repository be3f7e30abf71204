package dev.kiln.daemon.export.image;

import dev.kiln.solver.llb.GoString;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * JSON as Go's encoder writes it: two spaces a level or compact, {@code <}, {@code >} and {@code &}
 * escaped. Digests of manifests depend on each byte.
 */
public final class GoJsonText {
  private final StringBuilder out = new StringBuilder(1024);
  private final boolean indented;

  private GoJsonText(boolean indented) {
    this.indented = indented;
  }

  /** Indented by two spaces a level, without a newline at the end. */
  public static byte[] indented(JsonNode node) {
    return write(node, true);
  }

  /** Without blanks. */
  public static byte[] compact(JsonNode node) {
    return write(node, false);
  }

  private static byte[] write(JsonNode node, boolean indented) {
    GoJsonText text = new GoJsonText(indented);
    text.value(node, 0);
    return text.out.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void value(JsonNode node, int depth) {
    if (node.isObject()) {
      object(node, depth);
    } else if (node.isArray()) {
      array(node, depth);
    } else if (node.isString()) {
      GoString.quote(out, node.stringValue());
    } else if (node.isIntegralNumber() || node.isBoolean()) {
      // As below, without a generator of its own for each.
      out.append(node.asString());
    } else {
      out.append(node);
    }
  }

  private void object(JsonNode node, int depth) {
    if (node.isEmpty()) {
      out.append("{}");
      return;
    }
    out.append('{');
    boolean first = true;
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      separate(first, depth + 1);
      first = false;
      GoString.quote(out, field.getKey());
      out.append(indented ? ": " : ":");
      value(field.getValue(), depth + 1);
    }
    line(depth);
    out.append('}');
  }

  private void array(JsonNode node, int depth) {
    if (node.isEmpty()) {
      out.append("[]");
      return;
    }
    out.append('[');
    boolean first = true;
    for (JsonNode element : node) {
      separate(first, depth + 1);
      first = false;
      value(element, depth + 1);
    }
    line(depth);
    out.append(']');
  }

  private void separate(boolean first, int depth) {
    if (!first) {
      out.append(',');
    }
    line(depth);
  }

  private void line(int depth) {
    if (indented) {
      out.append('\n').repeat("  ", depth);
    }
  }
}
