package dev.kiln.daemon.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.daemon.config.DiskSpace;
import dev.kiln.daemon.config.GcPolicy;
import dev.kiln.snapshotter.ref.PruneOptions;
import dev.kiln.snapshotter.ref.RecordType;
import dev.kiln.snapshotter.ref.RefStore;
import dev.kiln.snapshotter.ref.UsageRecord;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class CollectorTest {
  private static final Duration NOW = Duration.ZERO;
  private static final Duration NEVER = Duration.ofDays(9);
  private final BlockingQueue<PruneOptions> prunes = new LinkedBlockingQueue<>();
  private final AtomicInteger told = new AtomicInteger();
  private boolean finds = true;

  /** A store that can do nothing but be pruned. */
  private RefStore store() {
    return (RefStore)
        Proxy.newProxyInstance(
            RefStore.class.getClassLoader(),
            new Class<?>[] {RefStore.class},
            (proxy, method, args) -> {
              assertThat(method.getName()).isEqualTo("prune");
              prunes.add((PruneOptions) args[0]);
              @SuppressWarnings("unchecked")
              Consumer<UsageRecord> removed = (Consumer<UsageRecord>) args[1];
              if (finds) {
                removed.accept(
                    new UsageRecord(
                        "r",
                        false,
                        false,
                        5,
                        List.of(),
                        Instant.EPOCH,
                        null,
                        0,
                        "",
                        RecordType.REGULAR,
                        false));
              }
              return null;
            });
  }

  private Collector start(List<GcPolicy> policies, Duration atMost) throws IOException {
    FileStore disk = Files.getFileStore(Path.of("/"));
    return Collector.start(
        store(),
        policies,
        disk,
        told::incrementAndGet,
        Clock.systemUTC(),
        new Collector.Pace(NOW, atMost, NEVER));
  }

  private static GcPolicy policy(Duration age, long maxUsed) {
    return new GcPolicy(
        true,
        List.of("type==regular"),
        age,
        DiskSpace.NONE,
        DiskSpace.ofBytes(maxUsed),
        DiskSpace.ofPercent(10));
  }

  private PruneOptions next() throws InterruptedException {
    PruneOptions options = prunes.poll(20, TimeUnit.SECONDS);
    assertThat(options).isNotNull();
    return options;
  }

  @Test
  void policiesAreAppliedInOrderAtTheStartAndAfterBuilds() throws Exception {
    try (Collector collector = start(List.of(policy(NEVER, 7), policy(NOW, 3)), NOW)) {
      PruneOptions first = next();
      assertThat(first.maxUsedSpace()).isEqualTo(7);
      assertThat(first.keepDuration()).isEqualTo(NEVER);
      assertThat(first.filters()).containsExactly("type==regular");
      assertThat(first.all()).isTrue();
      assertThat(first.minFreeSpace()).isPositive();
      assertThat(next().keepDuration()).isNull();
      collector.ask();
      assertThat(next().maxUsedSpace()).isEqualTo(7);
      assertThat(next().maxUsedSpace()).isEqualTo(3);
    }
    assertThat(told.get()).isEqualTo(2);
  }

  @Test
  void manyBuildsInAShortTimeAreOneCollection() throws Exception {
    finds = false;
    try (Collector collector = start(List.of(policy(NOW, 3)), NEVER)) {
      assertThat(next().maxUsedSpace()).isEqualTo(3);
      collector.ask();
      collector.ask();
    }
    assertThat(prunes).isEmpty();
    assertThat(told.get()).isZero();
  }

  @Test
  void withoutPoliciesNothingIsCollected() throws Exception {
    start(List.of(), NOW).close();
    assertThat(prunes).isEmpty();
  }
}
