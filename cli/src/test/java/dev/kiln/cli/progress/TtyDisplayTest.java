package dev.kiln.cli.progress;

import static dev.kiln.cli.progress.Timeline.cached;
import static dev.kiln.cli.progress.Timeline.done;
import static dev.kiln.cli.progress.Timeline.failed;
import static dev.kiln.cli.progress.Timeline.log;
import static dev.kiln.cli.progress.Timeline.member;
import static dev.kiln.cli.progress.Timeline.part;
import static dev.kiln.cli.progress.Timeline.started;
import static dev.kiln.cli.progress.Timeline.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.wire.control.StatusResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TtyDisplayTest {
  private static final int WIDTH = 60;

  private final Timeline clock = new Timeline();
  private final Trace trace =
      new Trace(
          () ->
              new StepLog(
                  100, new LogWindow(WIDTH - TtyFrame.WINDOW_MARGIN, TtyFrame.WINDOW_LINES)));

  private void news(StatusResponse... all) {
    for (StatusResponse news : all) {
      trace.apply(news, clock.instant());
    }
  }

  private String frame(int height, boolean last) {
    List<String> lines =
        new TtyFrame(trace, Colors.NONE, "kiln", WIDTH, height).lines(clock.instant(), last);
    return String.join("\n", lines) + "\n";
  }

  @Test
  void showsEachStepWithItsTime() {
    news(
        started("[internal] load build definition", 0),
        part("[internal] load build definition", "transferring dockerfile:", 72, 0, 0, 100),
        done("[internal] load build definition", 0, 200),
        cached("[1/3] FROM docker.io/library/a-very-long-name-of-an-image:latest", 200),
        started("[2/3] RUN make", 200),
        log("[2/3] RUN make", 300, "one\n\u001b[1mtwo\u001b[0m\nprogress 10%\rprogress 99%"),
        waiting("[3/3] COPY a b"));
    clock.at(2_300);
    assertThat(frame(30, false))
        .isEqualTo(
            """
            [+] Building 2.3s (2/4)                                kiln
             => [internal] load build definition                   0.2s
             => => transferring dockerfile: 72B                    0.1s
             => CACHED [1/3] FROM docker.io/library/a-very-long-n  0.0s
             => [2/3] RUN make                                     2.1s
             => => # one
             => => # two
             => => # progress 99%
            """);
  }

  @Test
  void theLastFrameHasNoWindowsAndSaysThatAllIsDone() {
    news(started("a", 0), log("a", 100, "text\n"), done("a", 0, 1_000));
    clock.at(1_000);
    assertThat(frame(5, true))
        .isEqualTo(
            """
            [+] Building 1.0s (1/1) FINISHED                       kiln
             => a                                                  1.0s
            """);
  }

  @Test
  void runningStepsStayWhenTheScreenIsSmall() {
    news(started("runs", 0));
    for (int step = 0; step < 8; step++) {
      news(done("done " + step, 0, 100));
    }
    clock.at(1_000);
    assertThat(frame(6, false).lines().skip(1).map(line -> line.substring(4, 12).strip()).toList())
        .containsExactly("runs", "done 5", "done 6", "done 7");
  }

  @Test
  void aGroupIsOneStep() {
    news(member("m1", "group", true, 0, 100));
    assertThat(trace.total()).isZero();
    news(member("m2", "group", false, 100, 300));
    clock.at(400);
    assertThat(frame(20, true))
        .isEqualTo(
            """
            [+] Building 0.4s (1/1) FINISHED                       kiln
             => group                                              0.3s
            """);
  }

  @Test
  void coloursSayHowAStepEnded() {
    Colors colors = Colors.of(Map.of("BUILDKIT_COLORS", "run=green:error=1,2,3"));
    news(done("a", 0, 0), failed("b", 0, 0, "x"), failed("c", 0, 0, "context canceled"));
    List<String> lines =
        new TtyFrame(trace, colors, "kiln", WIDTH, 20).lines(clock.instant(), true);
    assertThat(lines.get(1)).startsWith("\u001b[32m => a").endsWith("\u001b[0m");
    assertThat(lines.get(2)).startsWith("\u001b[38;2;1;2;3m => ERROR b");
    assertThat(lines.get(3)).startsWith("\u001b[33m => CANCELED c");
    assertThat(Colors.of(Map.of("NO_COLOR", "1")).paint(Colors.Tone.ERROR, "x")).isEqualTo("x");
  }

  @Test
  void windowsWrapAndScroll() {
    LogWindow window = new LogWindow(4, 3);
    window.write("abcdefgh\n1\r\n2\b3\n\u001b]0;title\u0007x\t");
    assertThat(window.shown()).containsExactly("1", "3", "x   ");
  }
}
