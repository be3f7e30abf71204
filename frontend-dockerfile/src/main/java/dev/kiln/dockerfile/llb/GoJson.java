package dev.kiln.dockerfile.llb;

/** JSON text in the form that Go's encoder gives it, where bytes matter for digests. */
public final class GoJson {

  private GoJson() {}

  /** Replaces the characters that Go writes as escapes and other encoders do not. */
  public static String escaped(String json) {
    StringBuilder out = new StringBuilder(json.length());
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      switch (c) {
        case '<' -> out.append("\\u003c");
        case '>' -> out.append("\\u003e");
        case '&' -> out.append("\\u0026");
        case '\u2028' -> out.append("\\u2028");
        case '\u2029' -> out.append("\\u2029");
        default -> out.append(c);
      }
    }
    return out.toString();
  }
}
