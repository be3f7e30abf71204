package dev.kiln.daemon.trace.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.daemon.trace.Spans;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SpanQueueTest {
  private static final String TRACE = "1".repeat(32);
  private static final String ID = "2".repeat(16);

  /** Answers as it is told, and tells what it was asked. */
  private static final class FakeSender implements Sender {
    final BlockingQueue<Object> answers = new LinkedBlockingQueue<>();
    final BlockingQueue<ExportTraceServiceRequest> requests = new LinkedBlockingQueue<>();

    @Override
    public ExportTraceServiceResponse send(ExportTraceServiceRequest request)
        throws SendException, InterruptedException {
      requests.add(request);
      return switch (answers.take()) {
        case SendException failure -> throw failure;
        case ExportTraceServiceResponse response -> response;
        default -> throw new AssertionError();
      };
    }

    @Override
    public void close() {}

    ExportTraceServiceRequest next() throws InterruptedException {
      return requests.poll(10, TimeUnit.SECONDS);
    }
  }

  private static final ExportTraceServiceResponse TAKEN =
      ExportTraceServiceResponse.getDefaultInstance();

  private final FakeSender sender = new FakeSender();
  private boolean started;
  private SpanQueue queue = queue(Duration.ofMinutes(1));

  private SpanQueue queue(Duration all) {
    return new SpanQueue(
        sender, new Backoff(Duration.ofMillis(1), Duration.ofMillis(2), all), new DropLog("test"));
  }

  private void start() {
    started = true;
    queue.start();
  }

  private static ResourceSpans span(String name) {
    return Spans.resource(List.of(Spans.span(TRACE, ID, name)));
  }

  @AfterEach
  void close() {
    if (started) {
      queue.close(Duration.ZERO);
    }
  }

  @Test
  void whatWaitsGoesInOneRequest() throws Exception {
    start();
    queue.accept(span("a"));
    assertThat(sender.next().getResourceSpansCount()).isEqualTo(1);
    queue.accept(span("b"));
    queue.accept(span("c"));
    sender.answers.add(TAKEN);
    assertThat(sender.next().getResourceSpansList().stream().map(Spans::names))
        .containsExactly(List.of("b"), List.of("c"));
  }

  @Test
  void aCollectorThatIsAwayIsTriedAgain() throws Exception {
    start();
    for (int i = 0; i < 3; i++) {
      sender.answers.add(new SendException("away", true, null));
    }
    sender.answers.add(TAKEN);
    queue.accept(span("a"));
    for (int i = 0; i < 4; i++) {
      assertThat(Spans.names(sender.next().getResourceSpans(0))).containsExactly("a");
    }
    queue.close(Duration.ofSeconds(10));
    assertThat(queue.dropped()).isZero();
  }

  @Test
  void whatIsRefusedIsDropped() throws Exception {
    start();
    sender.answers.add(new SendException("not allowed", false, null));
    sender.answers.add(TAKEN);
    queue.accept(span("a"));
    sender.next();
    queue.accept(span("b"));
    assertThat(Spans.names(sender.next().getResourceSpans(0))).containsExactly("b");
    assertThat(queue.dropped()).isEqualTo(1);
  }

  @Test
  void aRequestIsGivenUpInTime() throws Exception {
    queue = queue(Duration.ZERO);
    start();
    sender.answers.add(new SendException("away", true, null));
    queue.accept(span("a"));
    sender.next();
    queue.accept(span("b"));
    assertThat(Spans.names(sender.next().getResourceSpans(0))).containsExactly("b");
    assertThat(queue.dropped()).isEqualTo(1);
  }

  @Test
  void whatIsTooMuchIsDroppedAtOnce() {
    ResourceSpans large = span("x".repeat(1 << 20));
    for (int i = 0; i < 20; i++) {
      queue.accept(large);
    }
    assertThat(queue.dropped()).isEqualTo(20 - SpanQueue.MAX_BYTES / (1 << 20) + 1);
  }

  @Test
  void partOfARequestMayBeRejected() throws Exception {
    start();
    ExportTraceServiceResponse.Builder partly = ExportTraceServiceResponse.newBuilder();
    partly.getPartialSuccessBuilder().setRejectedSpans(3).setErrorMessage("too old");
    sender.answers.add(partly.build());
    queue.accept(span("a"));
    sender.next();
    queue.close(Duration.ofSeconds(10));
    assertThat(queue.dropped()).isEqualTo(3);
  }

  @Test
  void whatIsLeftIsSentAtTheEnd() throws Exception {
    start();
    queue.accept(span("a"));
    sender.next();
    queue.accept(span("b"));
    sender.answers.add(TAKEN);
    sender.answers.add(TAKEN);
    queue.close(Duration.ofSeconds(10));
    assertThat(Spans.names(sender.next().getResourceSpans(0))).containsExactly("b");
  }

  @Test
  void manySpansAreCutIntoPieces() {
    ResourceSpans many =
        Spans.resource(
            IntStream.range(0, 1200).mapToObj(i -> Spans.span(TRACE, ID, "s" + i)).toList());
    List<ResourceSpans> pieces = SpanChunks.of(many);
    assertThat(pieces.stream().map(SpanChunks::count)).containsExactly(512, 512, 176);
    assertThat(pieces.stream().flatMap(piece -> Spans.names(piece).stream()))
        .containsExactlyElementsOf(Spans.names(many));
    assertThat(SpanChunks.of(ResourceSpans.getDefaultInstance())).isEmpty();
  }
}
