package dev.kiln.cli.progress;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a step printed: lines with the time at which each began. Not thread-safe. */
final class StepLog {
  private final int keptLines;
  private final Deque<String> kept = new ArrayDeque<>();
  private final List<String> unprinted = new ArrayList<>();
  private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
  private final @Nullable LogWindow window;
  private Duration partialAt = Duration.ZERO;

  /**
   * @param keptLines how many lines are kept to be shown with an error
   * @param window shows the end of the log, or null if nothing does
   */
  StepLog(int keptLines, @Nullable LogWindow window) {
    this.keptLines = keptLines;
    this.window = window;
  }

  /** Adds what was printed at this time after the step's start. */
  void add(byte[] data, Duration at) {
    if (window != null) {
      window.write(new String(data, StandardCharsets.UTF_8));
    }
    for (byte b : data) {
      if (partial.size() == 0) {
        partialAt = at;
      }
      if (b == '\n') {
        endLine();
      } else {
        partial.write(b);
      }
    }
  }

  /** Counts a line without an end as a line. */
  void flush() {
    if (partial.size() > 0) {
      endLine();
    }
  }

  private void endLine() {
    String line = seconds(partialAt) + " " + partial.toString(StandardCharsets.UTF_8);
    partial.reset();
    unprinted.add(line);
    kept.add(line);
    while (kept.size() > keptLines) {
      kept.removeFirst();
    }
  }

  /** Lines that were not asked for before. */
  List<String> takeNew() {
    List<String> lines = List.copyOf(unprinted);
    unprinted.clear();
    return lines;
  }

  /** The last lines. */
  List<String> kept() {
    return List.copyOf(kept);
  }

  /** The window on the end of the log, if there is one. */
  @Nullable LogWindow window() {
    return window;
  }

  /** Five characters or so, whatever the size: {@code 1.234}, {@code 12.34}, {@code 123.4}. */
  private static String seconds(Duration at) {
    double seconds = at.toNanos() / 1e9;
    int digits = seconds < 10 ? 3 : seconds < 100 ? 2 : 1;
    return String.format(Locale.ROOT, "%." + digits + "f", seconds);
  }
}
