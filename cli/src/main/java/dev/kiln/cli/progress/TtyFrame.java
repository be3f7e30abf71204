package dev.kiln.cli.progress;

import dev.kiln.wire.control.VertexStatus;
import dev.kiln.wire.control.VertexWarning;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The lines that a terminal shows at one moment: a head line, then one line for each step and each
 * of its parts, with the time at the right, and below running steps a window on what they print.
 */
final class TtyFrame {
  /** Log lines that fit into a window. */
  static final int WINDOW_LINES = 6;

  /** Columns that a window leaves free. */
  static final int WINDOW_MARGIN = 10;

  private static final int WINDOW_COST = WINDOW_LINES + 3;
  private static final int MIN_NAME = 12;
  private static final int MIN_ROOM_WITH_STATUS = 20;
  private static final long HIDDEN_BELOW_MS = 50;

  private final Trace trace;
  private final Colors colors;
  private final String title;
  private final int width;
  private final int height;

  TtyFrame(Trace trace, Colors colors, String title, int width, int height) {
    this.trace = trace;
    this.colors = colors;
    this.title = title;
    this.width = width;
    this.height = height;
  }

  private record Row(
      Step step,
      String name,
      String status,
      Duration time,
      boolean over,
      Colors.Tone tone,
      boolean main) {}

  /**
   * The lines.
   *
   * @param last whether nothing follows, so that all is shown whatever the height
   */
  List<String> lines(Instant now, boolean last) {
    Instant daemonNow = trace.daemonTime(now);
    List<Row> rows = new ArrayList<>();
    trace.steps().forEach(step -> rows(step, daemonNow, rows));
    Set<Step> windows = windows(rows);
    List<String> lines = new ArrayList<>();
    lines.add(head(daemonNow, last));
    for (Row row : last ? rows : fitting(rows, windows)) {
      String line = line(row);
      if (!line.isEmpty()) {
        lines.add(row.over() ? colors.paint(row.tone(), line) : line);
        LogWindow window = row.step().log.window();
        if (row.main() && windows.contains(row.step()) && window != null) {
          window.resize(width - WINDOW_MARGIN);
          window.shown().forEach(text -> lines.add(colors.faint(" => => # " + text)));
          row.step().windowsShown++;
        }
      }
    }
    return lines;
  }

  private String head(Instant now, boolean last) {
    int completed = trace.completed();
    int total = trace.total();
    double seconds =
        trace.start().map(start -> Duration.between(start, now).toNanos() / 1e9).orElse(0.0);
    String text =
        String.format(
            Locale.ROOT,
            "[+] Building %.1fs (%d/%d)%s",
            seconds,
            completed,
            total,
            last && completed > 0 && completed == total ? " FINISHED" : "");
    return cut(aligned(text, title, width - 1), width);
  }

  private void rows(Step step, Instant now, List<Row> rows) {
    Duration total = step.intervals.total(now);
    String prefix = step.canceled() ? "CANCELED " : step.failed() ? "ERROR " : "";
    Colors.Tone tone =
        step.canceled()
            ? Colors.Tone.CANCELED
            : step.failed() ? Colors.Tone.ERROR : Colors.Tone.DONE;
    String name = (step.cached ? "CACHED " : "") + prefix + step.name.replace('\t', ' ');
    rows.add(new Row(step, name, "", total, step.completed(), tone, true));
    for (VertexStatus status : step.statuses.values()) {
      Instant end = status.hasCompleted() ? Trace.time(status.getCompleted()) : now;
      Duration time = Duration.between(Trace.time(status.getStarted()), end);
      rows.add(
          new Row(
              step,
              "=> " + status.getID(),
              Bytes.of(status),
              time,
              status.hasCompleted(),
              Colors.Tone.DONE,
              false));
    }
    for (VertexWarning warning : step.warnings) {
      String text = "WARN: " + warning.getShort().toStringUtf8();
      rows.add(new Row(step, text, "", total, false, Colors.Tone.CANCELED, false));
    }
  }

  private String line(Row row) {
    long millis = row.time().toMillis();
    double seconds = millis < HIDDEN_BELOW_MS ? 0 : millis / 1e3;
    String time = String.format(Locale.ROOT, " %3.1fs", seconds);
    int room = width - 4 - (time.length() + 1) - 1;
    boolean withStatus =
        !row.status().isEmpty() && room + row.status().length() > MIN_ROOM_WITH_STATUS;
    room -= withStatus ? row.status().length() + 1 : 0;
    if (room < MIN_NAME) {
      return "";
    }
    String text = " => " + cut(row.name(), room) + (withStatus ? " " + row.status() : "");
    return aligned(text, time, width - 1);
  }

  /** Running steps that print get windows, those that print most first, while there is room. */
  private Set<Step> windows(List<Row> rows) {
    int running = (int) rows.stream().filter(row -> !row.over()).count();
    int free = height - 2 - running;
    List<Step> candidates =
        rows.stream()
            .filter(row -> row.main() && !row.over())
            .map(Row::step)
            .filter(step -> weight(step) > 0)
            .sorted(Comparator.comparingLong(TtyFrame::weight).reversed())
            .toList();
    Set<Step> result = new HashSet<>();
    for (Step step : candidates) {
      if (free <= WINDOW_COST) {
        break;
      }
      result.add(step);
      free -= WINDOW_COST;
    }
    return result;
  }

  private static long weight(Step step) {
    LogWindow window = step.log.window();
    return window == null || window.written() == 0 ? 0 : window.written() + 50L * step.windowsShown;
  }

  /** The last rows that fit; rows of running steps that would be cut push completed ones away. */
  private List<Row> fitting(List<Row> rows, Set<Step> windows) {
    int used = 0;
    for (Step step : windows) {
      LogWindow window = step.log.window();
      used += window == null ? 0 : window.shown().size();
    }
    int limit = Math.max(0, height - 2 - used);
    if (rows.size() <= limit) {
      return rows;
    }
    int cut = rows.size() - limit;
    List<Row> kept = new ArrayList<>(rows.subList(cut, rows.size()));
    List<Row> lost = rows.subList(0, cut).stream().filter(row -> !row.over()).toList();
    int needed = lost.size();
    List<Row> result = new ArrayList<>();
    for (Row row : kept) {
      if (row.over() && needed > 0) {
        needed--;
      } else {
        result.add(row);
      }
    }
    int places = limit - result.size();
    result.addAll(0, lost.subList(lost.size() - places, lost.size()));
    return result;
  }

  private static String aligned(String left, String right, int width) {
    int gap = Math.max(1, width - left.length() - right.length());
    return left + " ".repeat(gap) + right;
  }

  private static String cut(String text, int width) {
    return text.length() > width ? text.substring(0, Math.max(0, width)) : text;
  }
}
