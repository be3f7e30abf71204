package dev.kiln.solver.llb;

import java.util.HexFormat;

/**
 * JSON texts as Go's encoder writes them: {@code <}, {@code >}, {@code &} and the two line
 * separators are escaped too. Digests depend on each byte. Stateless.
 */
public final class GoString {
  private GoString() {}

  /** Adds a text in quotes; it must be valid UTF-16. */
  public static void quote(StringBuilder out, String text) {
    out.append('"');
    int copied = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isPlain(c)) {
        out.append(text, copied, i);
        escape(out, c);
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

  private static void escape(StringBuilder out, char c) {
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
