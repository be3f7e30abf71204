package dev.kiln.dockerfile.parser;

import dev.kiln.dockerfile.text.Blank;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;

/**
 * An instruction's line, cut into its parts.
 *
 * @param keyword the first word
 * @param flags words that start with two dashes, quotes and escapes removed
 * @param rest everything else, trimmed
 */
record InstructionLine(String keyword, List<String> flags, String rest) {

  static InstructionLine parse(String line, char escapeToken) {
    String trimmed = Blank.trim(line);
    Matcher gap = Blank.IN_LINE.matcher(trimmed);
    if (!gap.find()) {
      return new InstructionLine(trimmed, List.of(), "");
    }
    List<String> flags = new ArrayList<>();
    int end = new FlagReader(trimmed, gap.end(), escapeToken).read(flags);
    return new InstructionLine(
        trimmed.substring(0, gap.start()), flags, Blank.trim(trimmed.substring(end)));
  }

  /** Reads flags until something else comes. */
  private static final class FlagReader {
    private final String line;
    private final char escapeToken;
    private int pos;

    FlagReader(String line, int start, char escapeToken) {
      this.line = line;
      this.pos = start;
      this.escapeToken = escapeToken;
    }

    /** Adds the flags and says where the rest starts. */
    int read(List<String> flags) {
      while (true) {
        while (pos < line.length() && Blank.isAscii(line.charAt(pos))) {
          pos++;
        }
        if (!line.startsWith("--", pos)) {
          return pos;
        }
        String flag = readWord();
        if (flag.equals("--")) {
          return pos;
        }
        flags.add(flag);
      }
    }

    private String readWord() {
      StringBuilder word = new StringBuilder();
      char quote = 0;
      for (; pos < line.length(); pos++) {
        char c = line.charAt(pos);
        if (quote == 0 && Blank.isAscii(c)) {
          break;
        }
        if (c == quote) {
          quote = 0;
        } else if (quote == 0 && (c == '\'' || c == '"')) {
          quote = c;
        } else if (c != escapeToken) {
          word.append(c);
        } else if (pos + 1 < line.length()) {
          word.append(line.charAt(++pos));
        }
      }
      return word.toString();
    }
  }
}
