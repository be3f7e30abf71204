package dev.kiln.cli.progress;

import static dev.kiln.cli.progress.Timeline.cached;
import static dev.kiln.cli.progress.Timeline.done;
import static dev.kiln.cli.progress.Timeline.failed;
import static dev.kiln.cli.progress.Timeline.log;
import static dev.kiln.cli.progress.Timeline.part;
import static dev.kiln.cli.progress.Timeline.started;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class PlainDisplayTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final Timeline clock = new Timeline();
  private final PlainDisplay display =
      new PlainDisplay(new PrintStream(bytes, true, UTF_8), clock, "building");

  private String text() {
    return bytes.toString(UTF_8);
  }

  @Test
  void stepsFollowEachOther() {
    display.update(started("[internal] load build definition", 0));
    clock.at(200);
    display.update(part("[internal] load build definition", "transferring:", 2, 0, 0, 120));
    display.update(done("[internal] load build definition", 0, 160));
    display.update(cached("[1/2] FROM a", 170));
    display.update(started("[2/2] RUN b", 170));
    clock.at(400);
    display.update(log("[2/2] RUN b", 350, "hello\nwor"));
    display.update(log("[2/2] RUN b", 360, "ld\n"));
    clock.at(2_000);
    display.update(done("[2/2] RUN b", 170, 1_900));
    display.finish();
    assertThat(text())
        .isEqualTo(
            """
            #0 building

            #1 [internal] load build definition
            #1 transferring: 2B 0.1s done
            #1 DONE 0.2s

            #2 [1/2] FROM a
            #2 CACHED

            #3 [2/2] RUN b
            #3 0.180 hello
            #3 0.180 world
            #3 DONE 1.7s
            """);
  }

  @Test
  void aFailureShowsTheEndOfItsLog() {
    display.update(started("RUN a", 0));
    for (int line = 1; line <= 12; line++) {
      display.update(log("RUN a", 100, "line " + line + "\n"));
    }
    display.update(failed("RUN a", 0, 500, "exit code: 1"));
    display.update(failed("RUN b", 0, 500, "context canceled"));
    clock.at(600);
    display.finish();
    assertThat(text())
        .contains("#1 0.100 line 1\n")
        .contains("#1 ERROR: exit code: 1\n")
        .contains("#2 CANCELED\n")
        .doesNotContain("> RUN b:")
        .endsWith(
            """
            ------
             > RUN a:
            0.100 line 3
            0.100 line 4
            0.100 line 5
            0.100 line 6
            0.100 line 7
            0.100 line 8
            0.100 line 9
            0.100 line 10
            0.100 line 11
            0.100 line 12
            ------
            """);
  }

  @Test
  void aBusyStepGivesWayInTheEnd() {
    display.update(started("a", 0));
    display.update(started("b", 0));
    for (int second = 1; second <= 11; second++) {
      clock.at(second * 1_000L);
      display.update(log("a", second * 1_000L, "a\n"));
      display.update(log("b", second * 1_000L, "b\n"));
    }
    assertThat(text()).contains("#1 a\n").contains("#1 ...\n\n#2 b\n#2 1.000 b\n");
  }

  @Test
  void aTransferIsNotToldAtEachByte() {
    display.update(started("a", 0));
    for (int percent = 0; percent <= 100; percent++) {
      clock.at(200 + percent * 110L);
      display.update(part("a", "sha256:x", percent * 1_000L, 100_000, 0, -200 - percent));
    }
    long lines = text().lines().filter(line -> line.contains("sha256:x")).count();
    assertThat(lines).isBetween(15L, 22L);
  }
}
