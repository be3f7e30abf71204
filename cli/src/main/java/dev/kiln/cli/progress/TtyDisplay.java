package dev.kiln.cli.progress;

import dev.kiln.wire.control.StatusResponse;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/** A picture of the build that is drawn over itself. */
final class TtyDisplay implements Display {
  private static final Duration MIN_INTERVAL = Duration.ofMillis(100);
  private static final int KEPT_LINES = 10_000;
  private static final String HIDE_CURSOR = "\u001b[?25l";
  private static final String SHOW_CURSOR = "\u001b[?25h";
  private static final String CLEAR_TO_END = "\u001b[J";
  private static final String CLEAR_LINE = "\u001b[K";

  private final PrintStream out;
  private final InstantSource clock;
  private final Colors colors;
  private final String title;
  private final Supplier<Terminal.Size> size;
  private final Trace trace;
  private Instant lastPrint = Instant.MIN;
  private int linesAbove;

  TtyDisplay(
      PrintStream out,
      InstantSource clock,
      Colors colors,
      String title,
      Supplier<Terminal.Size> size) {
    this.out = out;
    this.clock = clock;
    this.colors = colors;
    this.title = title;
    this.size = size;
    this.trace =
        new Trace(
            () ->
                new StepLog(
                    KEPT_LINES,
                    new LogWindow(
                        size.get().columns() - TtyFrame.WINDOW_MARGIN, TtyFrame.WINDOW_LINES)));
  }

  @Override
  public void update(StatusResponse news) {
    Instant now = clock.instant();
    trace.apply(news, now);
    if (lastPrint.equals(Instant.MIN)
        || Duration.between(lastPrint, now).compareTo(MIN_INTERVAL) >= 0) {
      refresh();
    }
  }

  @Override
  public void refresh() {
    draw(false);
  }

  private void draw(boolean last) {
    lastPrint = clock.instant();
    Terminal.Size now = size.get();
    List<String> lines =
        new TtyFrame(trace, colors, title, now.columns(), now.rows()).lines(lastPrint, last);
    StringBuilder picture = new StringBuilder(HIDE_CURSOR);
    if (linesAbove > 0) {
      picture.append("\u001b[").append(linesAbove).append("A\r");
    }
    for (String line : lines) {
      picture.append(line).append(CLEAR_LINE).append('\n');
    }
    picture.append(CLEAR_TO_END).append(SHOW_CURSOR);
    out.print(picture);
    out.flush();
    linesAbove = lines.size();
  }

  @Override
  public void finish() {
    draw(true);
    FailedLogs.print(trace, out);
    out.flush();
  }
}
