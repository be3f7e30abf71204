package dev.kiln.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Conversion costs time linear in the file. */
class ConversionScaleTest {

  private static final long LIMIT_NANOS = 100_000_000;

  @Test
  void deepStackOfStagesNeedsNoStack() {
    FakeBridge bridge = build(stages(2_000, 0));
    assertThat(bridge.solves().getLast().definition().getDefCount()).isEqualTo(4_002);
  }

  /** 20 ms once the code is warm; the limit leaves room for slow machines. */
  @Test
  void twoHundredStagesOfFiveStepsTakeMilliseconds() {
    String dockerfile = stages(200, 3);
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 60 && best > LIMIT_NANOS / 2; i++) {
      long start = threads.getCurrentThreadCpuTime();
      build(dockerfile);
      best = Math.min(best, threads.getCurrentThreadCpuTime() - start);
    }
    assertThat(best).isLessThan(LIMIT_NANOS);
  }

  private static String stages(int count, int settings) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append("FROM ").append(i == 0 ? "scratch" : "s" + (i - 1));
      text.append(" AS s").append(i).append('\n');
      text.append("RUN step ").append(i).append('\n');
      text.append("COPY file").append(i).append(" /dir/\n");
      for (int j = 0; j < settings; j++) {
        text.append("ENV A").append(j).append("=value").append(i).append('\n');
      }
    }
    return text.toString();
  }

  private static FakeBridge build(String dockerfile) {
    FakeBridge bridge = new FakeBridge(Map.of()).dockerfile(dockerfile);
    new DockerfileFrontend().build(bridge);
    return bridge;
  }
}
