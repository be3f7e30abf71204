package dev.kiln.daemon.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.solver.Miss;
import dev.kiln.solver.ProgressEvent;
import dev.kiln.wire.control.StatusResponse;
import dev.kiln.wire.control.Vertex;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ProgressLogTest {
  private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");

  private final ProgressLog log = new ProgressLog(Clock.fixed(AT, ZoneOffset.UTC));

  private static ProgressEvent.VertexUpdate vertex(
      String digest, List<String> inputs, Instant started, Instant completed) {
    return new ProgressEvent.VertexUpdate(
        digest, inputs, "step " + digest, started, completed, false, null, null);
  }

  /** All that a reader from the start gets until the log is closed. */
  private List<StatusResponse> readAll() throws InterruptedException {
    List<StatusResponse> all = new ArrayList<>();
    ProgressLog.Reader reader = log.read();
    for (StatusResponse next = reader.next(); next != null; next = reader.next()) {
      all.add(next);
    }
    return all;
  }

  @Test
  void lateSubscriberSeesAllFromTheStart() throws Exception {
    log.accept(vertex("a", List.of(), AT, null));
    byte[] text = "hello".getBytes(StandardCharsets.UTF_8);
    log.accept(new ProgressEvent.Log("a", 1, text, AT));
    CompletableFuture<List<StatusResponse>> late =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return readAll();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    log.accept(vertex("a", List.of(), AT, AT.plusSeconds(1)));
    log.close();
    List<StatusResponse> seen = late.get();
    assertThat(seen).flatExtracting(StatusResponse::getLogsList).hasSize(1);
    Vertex last = seen.getLast().getVertexes(seen.getLast().getVertexesCount() - 1);
    assertThat(last.hasCompleted()).isTrue();
    assertThat(readAll()).flatExtracting(StatusResponse::getVertexesList).contains(last);
  }

  @Test
  void inputsOfWhatRunsWereCached() throws Exception {
    log.accept(vertex("a", List.of(), null, null));
    log.accept(vertex("b", List.of("a"), null, null));
    log.accept(vertex("c", List.of("b"), AT, AT));
    log.close();
    assertThat(log.vertices())
        .filteredOn(Vertex::getCached)
        .extracting(Vertex::getDigest)
        .containsExactly("a", "b");
  }

  @Test
  void whatIsOpenAtTheEndWasCancelled() {
    log.accept(vertex("a", List.of(), AT, null));
    log.close();
    assertThat(log.vertices()).extracting(Vertex::getError).containsExactly("context canceled");
  }

  @Test
  void reasonsAreKeptUpToALimitAndNotSent() throws Exception {
    Miss miss = new Miss(Miss.Reason.NO_CACHE, "", "", "", null, "asked");
    for (int i = 0; i < ProgressLog.MISSES + 5; i++) {
      log.accept(new ProgressEvent.Missed("v" + i, miss));
    }
    log.close();
    assertThat(log.misses()).hasSize(ProgressLog.MISSES).containsEntry("v0", miss);
    assertThat(readAll()).isEmpty();
  }
}
