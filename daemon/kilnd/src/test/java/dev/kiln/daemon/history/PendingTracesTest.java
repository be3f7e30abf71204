package dev.kiln.daemon.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.daemon.trace.BuildTrace;
import dev.kiln.daemon.trace.Tracing;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PendingTracesTest {
  private static final BuildTrace TRACE =
      new Tracing(() -> Instant.EPOCH, Map.of(), null).begin(Optional.empty(), "ref");

  private final List<String> written = new CopyOnWriteArrayList<>();

  @Test
  void aTraceIsWrittenWhenSomebodyAsks() {
    PendingTraces traces = new PendingTraces(Duration.ofDays(1), (ref, trace) -> written.add(ref));
    traces.add("a", TRACE);
    traces.add("b", TRACE);
    traces.finish("unknown");
    assertThat(written).isEmpty();
    traces.finish("a");
    assertThat(written).containsExactly("a");
    traces.finishAll();
    assertThat(written).containsExactly("a", "b");
  }

  @Test
  void aTraceIsWrittenInTime() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    new PendingTraces(Duration.ofMillis(1), (ref, trace) -> done.countDown()).add("a", TRACE);
    assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whoAsksIsNotKeptByAFailure() {
    PendingTraces traces =
        new PendingTraces(
            Duration.ofDays(1),
            (ref, trace) -> {
              throw new IOException("disk full");
            });
    traces.add("a", TRACE);
    traces.finish("a");
    traces.finishAll();
  }
}
