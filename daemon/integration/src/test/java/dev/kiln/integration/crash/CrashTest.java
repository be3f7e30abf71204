package dev.kiln.integration.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the daemon again and again. {@code -Dcrash.rounds=200} makes it long, {@code
 * -Dcrash.seed=…} repeats a run (as far as the machine's timing lets it).
 */
@Timeout(7200)
class CrashTest {
  private static final int SHORT_RUN = 12;
  private static final Duration SHORT_TIME = Duration.ofSeconds(50);

  @TempDir Path folder;

  @Test
  void killedDaemonKeepsItsWordAndLeavesNothing() throws Exception {
    long seed = Long.getLong("crash.seed", System.nanoTime());
    Integer asked = Integer.getInteger("crash.rounds");
    int rounds = asked == null ? SHORT_RUN : asked;
    Duration limit = asked == null ? SHORT_TIME : Duration.ofDays(1);
    try (CrashSite site = CrashSite.prepare(folder, folder.resolve("root"))) {
      System.out.println("crash test: -Dcrash.rounds=" + rounds + " -Dcrash.seed=" + seed);
      site.start();
      assertThat(new CrashRun(site, seed).run(rounds, limit)).isPositive();
    }
  }
}
