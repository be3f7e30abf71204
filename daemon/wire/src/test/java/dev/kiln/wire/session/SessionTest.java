package dev.kiln.wire.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.kiln.wire.attach.AttachedFiles;
import dev.kiln.wire.attach.AttachedOutputs;
import dev.kiln.wire.attach.AttachedSecrets;
import dev.kiln.wire.attach.AttachedUploads;
import dev.kiln.wire.attach.ClientSession;
import dev.kiln.wire.fsutil.Packet;
import dev.kiln.wire.fsutil.Stat;
import dev.kiln.wire.stream.MessageStream;
import dev.kiln.wire.testing.FakeDaemon;
import dev.kiln.wire.testing.TestDaemon;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SessionTest {
  @TempDir Path folder;
  private TestDaemon daemon;

  @BeforeEach
  void start() throws IOException {
    daemon = new TestDaemon(folder);
  }

  @AfterEach
  void stop() {
    daemon.close();
  }

  @Test
  void clientIsKnownByItsHeaders() {
    var pair = daemon.open(AttachedSecrets.service(Map.of()));

    assertThat(pair.client().id()).matches("[0-9a-z]{25}");
    assertThat(pair.session().sharedKey()).isEqualTo("shared");
    assertThat(pair.session().supports("/MOBY.buildkit.secrets.v1.Secrets/getsecret")).isTrue();
    assertThat(pair.session().supports("/grpc.health.v1.Health/Check")).isTrue();
    assertThat(pair.session().supports("/moby.filesync.v1.FileSync/DiffCopy")).isFalse();
    assertThat(daemon.sessions.get("any:" + pair.client().id())).isSameAs(pair.session());
  }

  @Test
  void secretsAreThereOrAbsent() {
    var source = new AttachedSecrets.Source.Bytes(ByteString.copyFromUtf8("s3cret"));
    var with = daemon.open(AttachedSecrets.service(Map.of("token", source)));
    var without = daemon.open();

    assertThat(new RemoteSecrets(with.session()).get("token").orElseThrow())
        .isEqualTo("s3cret".getBytes(UTF_8));
    assertThat(new RemoteSecrets(with.session()).get("other")).isEmpty();
    assertThat(new RemoteSecrets(without.session()).get("token")).isEmpty();
  }

  @Test
  void uploadsComeWholeAndOnce() throws IOException {
    byte[] body = random(40 << 20);
    AttachedUploads uploads = new AttachedUploads();
    String url = uploads.add(new ByteArrayInputStream(body));
    var pair = daemon.open(uploads.service());
    String path = url.substring(url.lastIndexOf('/'));

    try (InputStream in = new RemoteUpload(pair.session()).pull(path, AttachedUploads.HOST)) {
      assertThat(in.readAllBytes()).isEqualTo(body);
    }
    try (InputStream in = new RemoteUpload(pair.session()).pull(path, AttachedUploads.HOST)) {
      assertThatThrownBy(in::readAllBytes).hasMessageContaining("no http response from session");
    }
  }

  @Test
  void fileOutputArrivesWithItsMetadata() throws IOException {
    byte[] body = random(40 << 20);
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    CompletableFuture<Map<String, String>> told = new CompletableFuture<>();
    AttachedOutputs.FileTarget target =
        response -> {
          told.complete(response);
          return written;
        };
    var pair = daemon.open(AttachedOutputs.service(Map.of(3, target)));

    try (OutputStream out =
        new RemoteOutputs(pair.session()).file(3, Map.of("image.name", "app:1", "bad key", "x"))) {
      out.write(body, 0, 10);
      out.write(body, 10, body.length - 10);
    }

    assertThat(written.toByteArray()).isEqualTo(body);
    assertThat(told.join()).isEqualTo(Map.of("image.name", "app:1"));
  }

  @Test
  void existingTargetIsAnError() throws IOException {
    AttachedOutputs.FileTarget target = _ -> null;
    var pair = daemon.open(AttachedOutputs.service(Map.of(0, target)));

    OutputStream out = new RemoteOutputs(pair.session()).file(0, Map.of());
    assertThatThrownBy(out::close)
        .hasMessageContaining("target already exists")
        .cause()
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.ALREADY_EXISTS));
  }

  @Test
  void directoryOutputCarriesPackets() {
    CompletableFuture<Packet> first = new CompletableFuture<>();
    AttachedOutputs.DirectoryTarget target =
        (multiPlatform, stream) -> {
          first.complete(stream.receive());
          stream.send(Packet.newBuilder().setID(multiPlatform ? 7 : 8).build());
        };
    var pair = daemon.open(AttachedOutputs.service(Map.of(0, target)));
    Packet sent = Packet.newBuilder().setStat(Stat.newBuilder().setPath("a")).setID(5).build();

    try (var stream = new RemoteOutputs(pair.session()).directory(0, true)) {
      stream.send(sent);
      assertThat(stream.receive().getID()).isEqualTo(7);
      assertThat(stream.receive()).isNull();
    }
    assertThat(first.join()).isEqualTo(sent);
  }

  @Test
  void patternsOutsideAsciiAreEscaped() {
    CompletableFuture<RemoteFiles.Request> asked = new CompletableFuture<>();
    AttachedFiles.Source source = (request, _) -> asked.complete(request);
    var pair = daemon.open(AttachedFiles.service(Map.of("context", source)));
    var request =
        new RemoteFiles.Request("context", List.of("a b", "*.ü"), List.of("plain+%"), List.of());

    try (var stream = new RemoteFiles(pair.session()).diffCopy(request)) {
      assertThat(stream.receive()).isNull();
    }
    assertThat(asked.join()).isEqualTo(request);
  }

  @Test
  void unknownDirectoryIsRefused() {
    var pair = daemon.open(AttachedFiles.service(Map.of()));
    var request = new RemoteFiles.Request("x", List.of(), List.of(), List.of());
    var stream = new RemoteFiles(pair.session()).diffCopy(request);

    assertThatThrownBy(() -> FakeDaemon.fetch(stream))
        .hasMessageContaining("no access allowed to dir \"x\"");
  }

  @Test
  void slowConsumerHoldsTheSenderBack() throws Exception {
    Semaphore reads = new Semaphore(0);
    AtomicLong consumed = new AtomicLong();
    AttachedOutputs.FileTarget target =
        _ ->
            new OutputStream() {
              @Override
              public void write(int value) {
                throw new UnsupportedOperationException();
              }

              @Override
              public void write(byte[] bytes, int offset, int length) {
                reads.acquireUninterruptibly();
                consumed.addAndGet(length);
              }
            };
    var pair = daemon.open(AttachedOutputs.service(Map.of(0, target)));
    int total = 64 << 20;
    byte[] chunk = random(1 << 20);
    AtomicLong sent = new AtomicLong();
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try (OutputStream out = new RemoteOutputs(pair.session()).file(0, Map.of())) {
                for (int at = 0; at < total; at += chunk.length) {
                  out.write(chunk);
                  sent.addAndGet(chunk.length);
                }
              } catch (IOException e) {
                done.completeExceptionally(e);
              }
              done.complete(null);
            });

    long before = settled(sent);
    // Windows of 2 MiB on two layers, send-ahead of 0.5 MiB on three, and the inboxes' 32 chunks.
    assertThat(before).isLessThan(48L << 20);

    reads.release(Integer.MAX_VALUE);
    done.get(30, SECONDS);
    assertThat(consumed.get()).isEqualTo(total);
  }

  /** The value once it has not changed for a while. */
  private static long settled(AtomicLong value) throws InterruptedException {
    long last = -1;
    for (int same = 0; same < 5; ) {
      long now = value.get();
      same = now == last && now > 0 ? same + 1 : 0;
      last = now;
      new CountDownLatch(1).await(50, java.util.concurrent.TimeUnit.MILLISECONDS);
    }
    return last;
  }

  @Test
  void clientThatGoesEndsItsCalls() throws Exception {
    CountDownLatch serving = new CountDownLatch(1);
    AttachedFiles.Source source =
        (_, stream) -> {
          serving.countDown();
          var _ = stream.receive();
        };
    var pair = daemon.open(AttachedFiles.service(Map.of("context", source)));
    CountDownLatch closed = new CountDownLatch(1);
    pair.session().onClose(closed::countDown);
    var request = new RemoteFiles.Request("context", List.of(), List.of(), List.of());
    MessageStream<Packet, Packet> stream = new RemoteFiles(pair.session()).diffCopy(request);
    serving.await();

    pair.client().close();

    assertThatThrownBy(stream::receive).isInstanceOf(StatusRuntimeException.class);
    assertThat(closed.await(10, SECONDS)).isTrue();
    assertThat(pair.client().ended().get(10, SECONDS).isOk()).isTrue();
    assertThat(pair.session().isClosed()).isTrue();
    assertThat(daemon.sessions.find(pair.client().id())).isNull();
  }

  @Test
  void brokenConnectionEndsTheSession() throws Exception {
    var pair = daemon.open(AttachedSecrets.service(Map.of()));
    assertThat(new RemoteSecrets(pair.session()).get("x")).isEmpty();
    CountDownLatch closed = new CountDownLatch(1);
    pair.session().onClose(closed::countDown);

    daemon.channel.shutdownNow();

    assertThat(closed.await(10, SECONDS)).isTrue();
    assertThatThrownBy(() -> new RemoteSecrets(pair.session()).get("x"))
        .isInstanceOf(StatusRuntimeException.class);
  }

  @Test
  void closingAnUnusedSessionIsQuick() throws Exception {
    var pair = daemon.open();
    long start = System.nanoTime();
    pair.client().close();
    assertThat(pair.client().ended().get(10, SECONDS).isOk()).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(900));
  }

  @Test
  void lookupWaitsForTheSessionAndThenGivesUp() throws Exception {
    SessionRegistry impatient = new SessionRegistry(Duration.ofMillis(20));
    assertThatThrownBy(() -> impatient.get("p:abc"))
        .isInstanceOf(NoSessionException.class)
        .hasMessage("no active session for abc: context deadline exceeded");

    CompletableFuture<String> opened = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> opened.complete(ClientSession.open(daemon.channel, "", List.of()).id()));
    assertThat(daemon.sessions.get(opened.get()).id()).isEqualTo(opened.get());
  }

  @Test
  void groupAsksOneAfterTheOther() {
    var source = new AttachedSecrets.Source.Bytes(ByteString.copyFromUtf8("v"));
    var first = daemon.open();
    var second = daemon.open(AttachedSecrets.service(Map.of("k", source)));
    SessionGroup group = daemon.sessions.group(List.of(first.client().id(), second.client().id()));

    String method = "/moby.buildkit.secrets.v1.Secrets/GetSecret";
    Session found =
        group.any(
            session -> {
              if (!session.supports(method)) {
                throw NoSessionException.notOffered("no secrets");
              }
              return session;
            });

    assertThat(found).isSameAs(second.session());
    assertThatThrownBy(() -> daemon.sessions.group(List.of()).any(session -> session))
        .hasMessage("no active sessions");
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }
}
