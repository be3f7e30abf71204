package dev.kiln.cli.progress;

import dev.kiln.solver.pb.Range;
import dev.kiln.solver.pb.SourceInfo;
import java.util.List;
import java.util.Locale;

/** The lines of a source file that an error or warning is about, with some around them. */
public final class SourceExcerpt {
  private static final String RULE = "-".repeat(20) + "\n";
  private static final int ROOM_AROUND_LINE = 4;
  private static final int ROOM_AROUND_LINES = 2;

  private SourceExcerpt() {}

  /** The excerpt with {@code >>>} before the lines in question; empty if they are not known. */
  public static String of(SourceInfo info, List<Range> ranges) {
    String[] lines = info.getData().toStringUtf8().split("\n", -1);
    int first = ranges.stream().mapToInt(range -> range.getStart().getLine()).min().orElse(0);
    int last = ranges.stream().mapToInt(SourceExcerpt::end).max().orElse(0);
    if (first < 1 || first > lines.length) {
      return "";
    }
    int from = first;
    int to = Math.min(last, lines.length);
    int room = from == to ? ROOM_AROUND_LINE : ROOM_AROUND_LINES;
    for (int used = 0; used < room; used++) {
      if (from > 1) {
        from--;
        used++;
      }
      if (to < lines.length) {
        to++;
        used++;
      }
    }
    StringBuilder text = new StringBuilder(info.getFilename() + ":" + first + "\n" + RULE);
    for (int line = from; line <= to; line++) {
      text.append(
          String.format(
              Locale.ROOT,
              " %3d | %s %s%n",
              line,
              marked(ranges, line) ? ">>>" : "   ",
              lines[line - 1]));
    }
    return text.append(RULE).toString();
  }

  private static int end(Range range) {
    return Math.max(range.getStart().getLine(), range.getEnd().getLine());
  }

  private static boolean marked(List<Range> ranges, int line) {
    return ranges.stream().anyMatch(r -> r.getStart().getLine() <= line && end(r) >= line);
  }
}
