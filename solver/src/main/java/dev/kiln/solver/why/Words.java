package dev.kiln.solver.why;

/** How reasons are put into one line of text. Stateless. */
final class Words {
  private Words() {}

  /** A text in quotes. */
  static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** A text without line ends and other control characters, which would break a log. */
  static String line(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        out.append("\\n");
      } else if (c == '\t') {
        out.append("\\t");
      } else {
        out.append(Character.isISOControl(c) ? '?' : c);
      }
    }
    return out.toString();
  }

  /** A number with its noun. */
  static String count(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
