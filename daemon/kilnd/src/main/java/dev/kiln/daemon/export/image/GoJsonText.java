package dev.kiln.daemon.export.image;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * JSON as Go's encoder writes it: two spaces a level or compact, {@code <}, {@code >} and {@code &}
 * escaped. Digests of manifests depend on each byte.
 */
public final class GoJsonText {
  private final StringBuilder out = new StringBuilder();
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
      string(node.stringValue());
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
      string(field.getKey());
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

  private void string(String text) {
    out.append('"');
    int copied = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isPlain(c)) {
        out.append(text, copied, i);
        escape(c);
        copied = i + 1;
      }
    }
    out.append(text, copied, text.length()).append('"');
  }

  private static boolean isPlain(char c) {
    return switch (c) {
      case '"', '\\', '<', '>', '&', '\u2028', '\u2029' -> false;
      default -> c >= ' ';
    };
  }

  private void escape(char c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      default -> out.append("\\u").append(HexFormat.of().toHexDigits(c));
    }
  }
}
