package dev.kiln.daemon.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.wire.fsutil.Packet;
import dev.kiln.wire.session.RemoteFiles.Request;
import dev.kiln.wire.stream.MessageStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ForeseenFilesTest {
  private static final Request DOCKERFILE =
      new Request("dockerfile", List.of(), List.of(), List.of("Dockerfile"));
  private static final Request IGNORE_FILE =
      new Request("context", List.of(".dockerignore"), List.of(), List.of(".dockerignore"));
  private static final Request CONTEXT =
      new Request("context", List.of(), List.of("target"), List.of());

  private Instant now = Instant.EPOCH;
  private final ForeseenFiles files = new ForeseenFiles(() -> now);
  private final List<Request> begun = new ArrayList<>();
  private final List<Request> closed = new ArrayList<>();

  /** A transfer that does nothing. */
  private final class Transfer implements MessageStream<Packet, Packet> {
    private final Request request;

    Transfer(Request request) {
      this.request = request;
      begun.add(request);
    }

    @Override
    public void send(Packet message) {}

    @Override
    public @Nullable Packet receive() {
      return null;
    }

    @Override
    public void closeSend() {}

    @Override
    public void close() {
      closed.add(request);
    }
  }

  /** Has a session asked for these one after the other; gives what was open after the first. */
  private List<Request> build(String session, String project, Request... requests) {
    assertThat(files.began(session)).isTrue();
    begun.clear();
    closed.clear();
    List<Request> atFirst = List.of();
    for (Request request : requests) {
      Transfer transfer = (Transfer) files.open(session, project, request, Transfer::new);
      assertThat(transfer.request).isEqualTo(request);
      atFirst = atFirst.isEmpty() ? List.copyOf(begun) : atFirst;
    }
    files.ended(session, project);
    return atFirst;
  }

  @Test
  void nothingIsForeseenOfTheFirstBuild() {
    assertThat(build("one", "project", DOCKERFILE, IGNORE_FILE, CONTEXT))
        .containsExactly(DOCKERFILE);
    assertThat(begun).containsExactly(DOCKERFILE, IGNORE_FILE, CONTEXT);
    assertThat(closed).isEmpty();
  }

  @Test
  void whatTheLastBuildAskedForIsBegunWithTheFirstTransfer() {
    build("one", "project", DOCKERFILE, IGNORE_FILE, CONTEXT);
    assertThat(build("two", "project", DOCKERFILE, IGNORE_FILE, CONTEXT))
        .containsExactlyInAnyOrder(DOCKERFILE, IGNORE_FILE, CONTEXT);
    assertThat(begun).hasSize(3);
    assertThat(closed).isEmpty();
  }

  @Test
  void aFolderThatIsWantedInAnotherWayIsGivenUp() {
    build("one", "project", DOCKERFILE, IGNORE_FILE, CONTEXT);
    Request other = new Request("context", List.of(), List.of("target", "out"), List.of());
    build("two", "project", DOCKERFILE, IGNORE_FILE, other);
    assertThat(begun).hasSize(4).contains(CONTEXT, other);
    assertThat(closed).containsExactly(CONTEXT);
    assertThat(build("three", "project", DOCKERFILE, IGNORE_FILE, other)).contains(other);
  }

  @Test
  void whatNobodyClaimsEndsWithTheSession() {
    build("one", "project", DOCKERFILE, IGNORE_FILE, CONTEXT);
    build("two", "project", DOCKERFILE);
    assertThat(closed).containsExactlyInAnyOrder(IGNORE_FILE, CONTEXT);
    assertThat(build("three", "project", DOCKERFILE)).containsExactly(DOCKERFILE);
  }

  @Test
  void whatIsClaimedLateIsBegunAnew() {
    build("one", "project", DOCKERFILE, CONTEXT);
    assertThat(files.began("two")).isTrue();
    begun.clear();
    files.open("two", "project", DOCKERFILE, Transfer::new);
    now = now.plus(Duration.ofSeconds(2));
    files.open("two", "project", CONTEXT, Transfer::new);
    assertThat(begun).containsExactly(CONTEXT, DOCKERFILE, CONTEXT);
    assertThat(closed).containsExactly(CONTEXT);
  }

  @Test
  void otherProjectsAndOtherBeginningsSayNothing() {
    build("one", "project", DOCKERFILE, CONTEXT);
    assertThat(build("two", "other", DOCKERFILE)).containsExactly(DOCKERFILE);
    assertThat(build("three", "project", IGNORE_FILE)).containsExactly(IGNORE_FILE);
  }

  @Test
  void longListsOfPatternsAreNotKept() {
    Request large =
        new Request("context", List.of(), Collections.nCopies(501, "pattern"), List.of());
    build("one", "project", DOCKERFILE, large);
    assertThat(build("two", "project", DOCKERFILE)).containsExactly(DOCKERFILE);
  }
}
