package dev.kiln.daemon.trace.otlp;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Spans on their way to a collector. What waits goes in one request; a collector that is away is
 * tried again with growing pauses. At most 16 MiB wait: further spans are dropped and counted, and
 * so are those of a request that is given up. Whoever adds spans never waits. Safe for use by many
 * threads.
 */
public final class SpanQueue {
  static final int MAX_BYTES = 16 << 20;

  private static final String STOPS = "the daemon stops";
  private static final Duration INTERRUPTED_ENDS_WITHIN = Duration.ofMillis(200);

  private final Sender sender;
  private final Backoff backoff;
  private final DropLog drops;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<ResourceSpans> waiting = new ArrayDeque<>();
  private int bytes;
  private boolean closing;

  SpanQueue(Sender sender, Backoff backoff, DropLog drops) {
    this.sender = sender;
    this.backoff = backoff;
    this.drops = drops;
    this.thread = Thread.ofVirtual().name("kilnd-span-sender").unstarted(this::run);
  }

  /** Begins to send to a collector; it is dialled with the first span. */
  public static SpanQueue start(OtlpSettings settings) {
    SpanQueue queue =
        new SpanQueue(
            Sender.of(settings), Backoff.DEFAULT, new DropLog(settings.endpoint().toString()));
    queue.start();
    return queue;
  }

  void start() {
    thread.start();
  }

  /** Takes spans to be sent. */
  public void accept(ResourceSpans spans) {
    for (ResourceSpans chunk : SpanChunks.of(spans)) {
      if (!add(chunk)) {
        drops.dropped(SpanChunks.count(chunk), "too many are waiting");
      }
    }
  }

  private boolean add(ResourceSpans chunk) {
    int size = chunk.getSerializedSize();
    lock.lock();
    try {
      if (closing || bytes + size > MAX_BYTES) {
        return false;
      }
      waiting.add(chunk);
      bytes += size;
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** How many spans were dropped since the start. */
  public long dropped() {
    return drops.count();
  }

  private void run() {
    try {
      ExportTraceServiceRequest request = take();
      while (request.getResourceSpansCount() > 0) {
        deliver(request);
        request = take();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What waits, as much as fits one request; empty when there is nothing and there will not be. */
  private ExportTraceServiceRequest take() throws InterruptedException {
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    int size = 0;
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty() && !closing) {
        changed.await();
      }
      while (!waiting.isEmpty() && size < SpanChunks.BYTES) {
        ResourceSpans chunk = waiting.remove();
        size += chunk.getSerializedSize();
        request.addResourceSpans(chunk);
      }
      bytes -= size;
    } finally {
      lock.unlock();
    }
    return request.build();
  }

  private void deliver(ExportTraceServiceRequest request) throws InterruptedException {
    int spans = request.getResourceSpansList().stream().mapToInt(SpanChunks::count).sum();
    long end = System.nanoTime() + backoff.all().toNanos();
    Duration pause = backoff.first();
    while (true) {
      try {
        ExportTraceServiceResponse response = sender.send(request);
        drops.delivered();
        long rejected = response.getPartialSuccess().getRejectedSpans();
        if (rejected > 0) {
          drops.dropped(rejected, response.getPartialSuccess().getErrorMessage());
        }
        return;
      } catch (SendException e) {
        boolean late = System.nanoTime() + pause.toNanos() > end;
        if (!e.isPassing() || late || isClosingAfter(pause)) {
          drops.dropped(spans, String.valueOf(e.getMessage()));
          return;
        }
      } catch (InterruptedException e) {
        drops.dropped(spans, STOPS);
        throw e;
      }
      pause = backoff.after(pause);
    }
  }

  /** Waits that long, or until the queue closes. */
  private boolean isClosingAfter(Duration pause) throws InterruptedException {
    long nanos = pause.toNanos();
    lock.lockInterruptibly();
    try {
      // More spans wake it too, and must not cut the pause short.
      while (!closing && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      return closing;
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more, tries once to send what waits, and ends. */
  public void close(Duration patience) {
    lock.lock();
    try {
      closing = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      if (!thread.join(patience)) {
        thread.interrupt();
        thread.join(INTERRUPTED_ENDS_WITHIN);
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
    sender.close();
    dropRest();
  }

  private void dropRest() {
    lock.lock();
    try {
      waiting.forEach(chunk -> drops.dropped(SpanChunks.count(chunk), STOPS));
      waiting.clear();
    } finally {
      lock.unlock();
    }
    drops.tellRest(STOPS);
  }
}
