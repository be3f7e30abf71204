package dev.kiln.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients and daemons that end in the middle of a step. */
@Timeout(180)
class VanishingClientTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir static Path folder;
  private static Workshop shop;

  @BeforeAll
  static void open() throws Exception {
    shop = Workshop.open(folder);
  }

  @AfterAll
  static void close() throws Exception {
    if (shop != null) {
      shop.close();
    }
  }

  /** Begins a build whose RUN sleeps for a number of seconds that nothing else sleeps for. */
  private static Process begin(String seconds) throws Exception {
    Path context =
        shop.context("FROM BASE\nRUN echo some > /some && sleep " + seconds + " && echo done\n");
    Process client =
        new ProcessBuilder(shop.buildctlCommand(context))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    Await.until(PATIENCE, "the step runs", () -> !sleepers(seconds).isEmpty());
    return client;
  }

  private static List<Long> sleepers(String seconds) {
    return Programs.withArgument("sleep").stream()
        .filter(pid -> Programs.commandLine(pid).equals("sleep " + seconds))
        .toList();
  }

  private static String usage() throws Exception {
    return Run.of(Tools.require("buildctl"), "--addr=" + shop.kilnd().address(), "du", "-v")
        .ok()
        .output();
  }

  private static void assertNothingLeft(String seconds) throws Exception {
    Await.until(PATIENCE, "the step was killed", () -> sleepers(seconds).isEmpty());
    Await.until(PATIENCE, "no program is left", () -> shop.kilnd().programs().isEmpty());
    Await.until(PATIENCE, "no mount is left", () -> shop.kilnd().mounts().isEmpty());
    assertThat(usage()).doesNotContain("sleep " + seconds);
  }

  @Test
  void killedClientLeavesNoProcessMountOrSnapshot() throws Exception {
    Process client = begin("86401");
    client.destroyForcibly().waitFor();
    assertNothingLeft("86401");
    shop.buildctl(shop.context("FROM BASE\nRUN echo on we go\n")).ok();
  }

  @Test
  void interruptedClientLeavesNoProcessMountOrSnapshot() throws Exception {
    Process client = begin("86402");
    client.destroy();
    assertThat(client.waitFor()).isNotZero();
    assertNothingLeft("86402");
  }

  @Test
  void stepOfTwoClientsGoesOnWhenOneIsKilled() throws Exception {
    String[] sleep = {"3.0625"};
    Process first = begin(sleep[0]);
    Path context = shop.context("FROM BASE\nRUN echo some > /some && sleep 3.0625 && echo done\n");
    Process second =
        new ProcessBuilder(shop.buildctlCommand(context))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    first.destroyForcibly().waitFor();
    assertThat(second.waitFor()).isZero();
  }

  @Test
  void killedDaemonStartsAnewWithNothingLeft() throws Exception {
    Process client = begin("86404");
    shop.kilnd().kill();
    client.waitFor();
    shop.restart();
    assertNothingLeft("86404");
    shop.buildctl(shop.context("FROM BASE\nRUN echo on we go\n")).ok();
  }
}
