package dev.kiln.dockerfile.subrequest;

import dev.kiln.dockerfile.parser.Location;
import java.util.List;
import java.util.Locale;

/** A few lines of a file, with those at fault marked. */
public final class SourceExcerpt {

  private static final String RULER = "--------------------\n";

  /** Lines of context around one line at fault, and around several. */
  private static final int CONTEXT_OF_LINE = 4;

  private static final int CONTEXT_OF_LINES = 2;

  private SourceExcerpt() {}

  /** The excerpt, or nothing if no place lies in the file. */
  public static String of(String filename, String data, List<Location> places) {
    String[] lines = data.split("\n", -1);
    int start = places.stream().mapToInt(Location::startLine).min().orElse(0);
    int end = Math.min(places.stream().mapToInt(Location::endLine).max().orElse(0), lines.length);
    if (start < 1 || start > lines.length) {
      return "";
    }
    int[] shown = widened(start, end, lines.length);
    StringBuilder out = new StringBuilder();
    out.append(filename).append(':').append(start).append('\n').append(RULER);
    for (int line = shown[0]; line <= shown[1]; line++) {
      int number = line;
      boolean marked =
          places.stream().anyMatch(p -> p.startLine() <= number && number <= p.endLine());
      out.append(String.format(Locale.ROOT, " %3d | ", line))
          .append(marked ? ">>> " : "    ")
          .append(lines[line - 1])
          .append('\n');
    }
    return out.append(RULER).toString();
  }

  /**
   * Takes lines before and behind in turn; each turn costs one more, so that less is shown in a
   * file's middle.
   */
  private static int[] widened(int first, int last, int lineCount) {
    int start = first;
    int end = last;
    int context = start == end ? CONTEXT_OF_LINE : CONTEXT_OF_LINES;
    for (int taken = 0; taken < context; taken++) {
      if (start > 1) {
        start--;
        taken++;
      }
      if (end != lineCount) {
        end++;
        taken++;
      }
    }
    return new int[] {start, end};
  }
}
