package dev.kiln.wire.session;

import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a client at intervals whether it is alive, and closes its session when it fails to answer.
 * Lenient, because a slow link or a busy client may delay an answer for long.
 *
 * @param interval between two questions
 * @param timeout for one answer; an answer that took long raises it to 1.5 times as much
 * @param failures in a row that close the session
 */
record HealthCheck(Duration interval, Duration timeout, int failures) {
  private static final Logger log = LoggerFactory.getLogger(HealthCheck.class);

  private static final HealthCheck DEFAULT =
      new HealthCheck(Duration.ofSeconds(5), Duration.ofSeconds(15), 2);
  private static final long MIN_CUSTOM_MS = 1000;

  /** The check that a session's headers ask for. */
  static HealthCheck of(Metadata headers) {
    String custom = SessionHeaders.get(headers, SessionHeaders.HEALTH_TIMEOUT);
    if (custom == null || !custom.matches("[0-9]{1,9}") || Long.parseLong(custom) == 0) {
      return DEFAULT;
    }
    Duration time = Duration.ofMillis(Math.max(MIN_CUSTOM_MS, Long.parseLong(custom)));
    return new HealthCheck(time, time, 1);
  }

  /** Watches a session until it ends. */
  void watch(Session session) {
    Thread thread =
        Thread.ofVirtual().name("kiln-health-" + session.id()).start(() -> run(session));
    session.onClose(thread::interrupt);
  }

  private void run(Session session) {
    int failed = 0;
    long lastNanos = 0;
    try {
      while (!session.isClosed()) {
        Thread.sleep(interval);
        long start = System.nanoTime();
        boolean healthy = ask(session, Math.max(timeout.toNanos(), lastNanos * 3 / 2));
        lastNanos = System.nanoTime() - start;
        failed = healthy ? 0 : failed + 1;
        if (failed >= failures) {
          log.warn("session {} gave no sign of life {} times: closing it", session.id(), failed);
          session.close();
        }
      }
    } catch (InterruptedException e) {
      // The session has ended, and the watch with it.
    }
  }

  private static boolean ask(Session session, long timeoutNanos) throws InterruptedException {
    try {
      HealthGrpc.newBlockingStub(session.channel())
          .withDeadlineAfter(timeoutNanos, TimeUnit.NANOSECONDS)
          .check(HealthCheckRequest.getDefaultInstance());
      return true;
    } catch (StatusRuntimeException e) {
      if (Thread.interrupted() || session.isClosed()) {
        throw new InterruptedException();
      }
      log.debug("session {} failed its health check", session.id(), e);
      return false;
    }
  }
}
