package dev.kiln.daemon.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.trace.v1.ResourceSpans;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpanCollectorTest {
  private static final String ONE = "1".repeat(32);
  private static final String TWO = "2".repeat(32);
  private static final String ID = "3".repeat(16);

  private Instant now = Instant.EPOCH;
  private final SpanCollector collector = new SpanCollector(() -> now);

  @Test
  void spansAreKeptByTheirTrace() {
    collector.accept(
        Spans.resource(
            List.of(Spans.span(ONE, ID, "a"), Spans.span(TWO, ID, "b"), Spans.span(ONE, ID, "c"))));
    collector.accept(Spans.resource(List.of(Spans.span(ONE, ID, "d"))));
    assertThat(collector.of(ONE).stream().map(Spans::names))
        .containsExactly(List.of("a", "c"), List.of("d"));
    assertThat(collector.of(TWO).stream().map(Spans::names)).containsExactly(List.of("b"));
  }

  @Test
  void aQuietTraceIsForgotten() {
    collector.accept(Spans.resource(List.of(Spans.span(ONE, ID, "a"))));
    now = now.plus(Duration.ofMinutes(9));
    assertThat(collector.of(ONE)).hasSize(1);
    now = now.plus(Duration.ofMinutes(2));
    assertThat(collector.of(ONE)).isEmpty();
    assertThat(collector.bytes()).isZero();
  }

  @Test
  void theQuietestTraceMakesRoom() {
    ResourceSpans large = Spans.resource(List.of(Spans.span(ONE, ID, "x".repeat(100_000))));
    collector.accept(Spans.resource(List.of(Spans.span(TWO, ID, "first"))));
    for (int i = 0; i < SpanCollector.MAX_BYTES / 100_000 - 1; i++) {
      collector.accept(large);
    }
    assertThat(collector.of(TWO)).hasSize(1);
    collector.accept(Spans.resource(List.of(Spans.span(TWO, ID, "second"))));
    collector.accept(large);
    collector.accept(large);
    assertThat(collector.bytes()).isLessThanOrEqualTo(SpanCollector.MAX_BYTES);
  }

  @Test
  void tracesThatAreInRecordsKeepLittle() {
    int size = 100_000;
    collector.accept(Spans.resource(List.of(Spans.span(TWO, ID, "not asked for"))));
    for (int i = 30; i < 50; i++) {
      String trace = Integer.toString(i).repeat(16);
      collector.accept(Spans.resource(List.of(Spans.span(trace, ID, "x".repeat(size)))));
      assertThat(collector.of(trace)).hasSize(1);
      assertThat(collector.of(trace)).hasSize(1);
    }
    assertThat(collector.bytes()).isLessThan(SpanCollector.MAX_TOLD_BYTES + size);
    assertThat(collector.of(TWO)).hasSize(1);
    String last = "49".repeat(16);
    collector.accept(Spans.resource(List.of(Spans.span(last, "4".repeat(16), "late"))));
    assertThat(collector.of(last)).hasSize(2);
  }

  @Test
  void oneTraceCannotTakeMoreThanAll() {
    ResourceSpans large = Spans.resource(List.of(Spans.span(ONE, ID, "x".repeat(1 << 20))));
    for (int i = 0; i < 10; i++) {
      collector.accept(large);
      assertThat(collector.bytes()).isLessThanOrEqualTo(SpanCollector.MAX_BYTES);
    }
  }
}
