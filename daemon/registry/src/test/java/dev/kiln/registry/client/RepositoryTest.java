package dev.kiln.registry.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.registry.auth.CredentialSource;
import dev.kiln.registry.failure.NotFoundException;
import dev.kiln.registry.failure.RateLimitedException;
import dev.kiln.registry.failure.UnauthorizedException;
import dev.kiln.registry.failure.UnexpectedAnswerException;
import dev.kiln.registry.failure.UnreachableException;
import dev.kiln.registry.image.MediaTypes;
import dev.kiln.registry.reference.ImageReference;
import dev.kiln.registry.testing.FakeRegistry;
import dev.kiln.registry.testing.TestClients;
import dev.kiln.snapshotter.content.BlobMismatchException;
import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.content.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RepositoryTest {
  private static final String MANIFEST =
      "{\"schemaVersion\":2,\"config\":{\"mediaType\":\"c\",\"digest\":\"sha256:"
          + "1".repeat(64)
          + "\",\"size\":2},\"layers\":[]}";

  private final List<Duration> waits = new CopyOnWriteArrayList<>();
  private FakeRegistry registry;
  private RegistryClient client;

  @BeforeEach
  void start() throws IOException {
    registry = new FakeRegistry();
    client = TestClients.client(Map.of(), waits);
  }

  @AfterEach
  void stop() {
    client.close();
    registry.close();
  }

  private ImageReference reference(String text) {
    return ImageReference.parse(registry.host() + "/" + text);
  }

  private Repository pull(String name) {
    return client.open(reference(name), CredentialSource.anonymous(), RepositoryOptions.PULL);
  }

  private Repository push(String name) {
    return client.open(reference(name), CredentialSource.anonymous(), RepositoryOptions.PUSH);
  }

  private static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(7).nextBytes(bytes);
    return bytes;
  }

  private static byte[] readAll(InputStream in) throws IOException {
    try (in) {
      return in.readAllBytes();
    }
  }

  @Test
  void resolveAsksWithHeadOnly() throws Exception {
    Digest digest = registry.putManifest("a/b", "1", MediaTypes.OCI_MANIFEST, MANIFEST);

    ResolvedReference resolved = pull("a/b").resolve(reference("a/b:1"));

    assertThat(resolved.descriptor())
        .isEqualTo(new Descriptor(MediaTypes.OCI_MANIFEST, digest, MANIFEST.length()));
    assertThat(resolved.host()).isEqualTo(registry.host());
    assertThat(registry.lines()).containsExactly("HEAD /v2/a/b/manifests/1");
    assertThat(registry.seen.getFirst().header("Accept"))
        .startsWith(MediaTypes.ACCEPTED_MANIFESTS.getFirst());
    assertThat(registry.seen.getFirst().header("User-Agent")).isEqualTo("kiln-test");
  }

  @Test
  void resolveReadsTheManifestWhenTheHeadersSayTooLittle() throws Exception {
    byte[] body = MANIFEST.getBytes(UTF_8);
    registry.rule(
        exchange -> {
          FakeRegistry.send(exchange, 200, body);
          return true;
        });

    Descriptor descriptor = pull("a").resolve(reference("a:1")).descriptor();

    assertThat(descriptor)
        .isEqualTo(new Descriptor(MediaTypes.OCI_MANIFEST, Digest.of(body), body.length));
  }

  @Test
  void missingImageIsNotFoundWithTheRegistrysWords() {
    assertThatThrownBy(() -> pull("a").manifest(reference("a:1")))
        .isInstanceOf(NotFoundException.class)
        .hasMessage(
            "could not fetch the manifest of %1$s/a:1: %1$s answered 404 Not Found (manifest unknown): %1$s/a:1: not found",
            registry.host());
    assertThatThrownBy(() -> pull("a").resolve(reference("a:1")))
        .hasMessage(
            "could not resolve %1$s/a:1: %1$s answered 404 Not Found: %1$s/a:1: not found",
            registry.host());
  }

  @Test
  void wrongBytesBehindADigestAreRefused() {
    byte[] body = MANIFEST.getBytes(UTF_8);
    registry.rule(
        exchange -> {
          FakeRegistry.send(exchange, 200, body);
          return true;
        });
    ImageReference reference = reference("a").withDigest(Digest.of(new byte[3]));

    assertThatThrownBy(() -> pull("a").manifest(reference))
        .hasMessageContaining("unexpected digest of content");
  }

  @Test
  void serverErrorsAndRateLimitsAreOvercome() throws Exception {
    registry.putManifest("a", "1", MediaTypes.OCI_MANIFEST, MANIFEST);
    registry.failFirst(1, "HEAD", 503);
    registry.failFirst(1, "HEAD", 429, "Retry-After", "7");

    pull("a").resolve(reference("a:1"));

    assertThat(registry.count("HEAD")).isEqualTo(3);
    assertThat(waits.get(0)).isBetween(Duration.ofMillis(100), Duration.ofMillis(125));
    assertThat(waits.get(1)).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void troubleThatStaysIsReported() {
    registry.failFirst(99, "GET", 502);
    assertThatThrownBy(() -> pull("a").manifest(reference("a:1")))
        .isInstanceOf(UnexpectedAnswerException.class)
        .hasMessage(
            "could not fetch the manifest of %1$s/a:1: %1$s answered 502 Bad Gateway (some trouble):"
                + " gave up after 4 attempts",
            registry.host());
    assertThat(registry.count("GET")).isEqualTo(4);
  }

  @Test
  void registryThatWantsALongRestIsLeftAlone() {
    registry.failFirst(99, "HEAD", 429, "Retry-After", "3600");
    assertThatThrownBy(() -> pull("a").resolve(reference("a:1")))
        .isInstanceOf(RateLimitedException.class)
        .hasMessageEndingWith("answered 429 Too Many Requests: tried 1 time; retry after 3600 s");
    assertThat(registry.count("HEAD")).isEqualTo(1);
    assertThat(waits).isEmpty();
  }

  @Test
  void refusalWithoutWordsIsAskedForItsReason() {
    registry.failFirst(99, "HEAD", 403);
    registry.failFirst(99, "GET", 403);
    assertThatThrownBy(() -> pull("a").resolve(reference("a:1")))
        .isInstanceOf(UnauthorizedException.class)
        .hasMessageContaining("answered 403 Forbidden (some trouble)")
        .hasMessageEndingWith(
            "pull access denied, repository does not exist or may require authorization: authorization failed");
  }

  @Test
  void hostThatIsNotThereIsUnreachable() {
    String gone = registry.host();
    registry.close();
    assertThatThrownBy(() -> pull("a").resolve(reference("a:1")))
        .isInstanceOf(UnreachableException.class)
        .hasMessageStartingWith(
            "could not resolve " + gone + "/a:1: " + gone + " could not be reached (");
  }

  @Test
  void blobIsFetchedAndVerified() throws Exception {
    byte[] content = bytes(300_000);
    Digest digest = registry.putBlob("a", content);
    List<Long> moved = new ArrayList<>();

    byte[] read = readAll(pull("a").blob(new Descriptor("l", digest, content.length), moved::add));

    assertThat(read).isEqualTo(content);
    assertThat(moved).isSorted().endsWith(300_000L);
  }

  @Test
  void brokenDownloadGoesOnWhereItBroke() throws Exception {
    byte[] content = bytes(300_000);
    Digest digest = Digest.of(content);
    AtomicInteger requests = new AtomicInteger();
    registry.rule(
        exchange -> {
          int from = offset(exchange.getRequestHeaders().getFirst("Range"));
          byte[] rest = java.util.Arrays.copyOfRange(content, from, content.length);
          if (requests.incrementAndGet() < 3) {
            exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-299999/300000");
            FakeRegistry.breakAfter(exchange, rest, 100_000);
          } else {
            FakeRegistry.sendFrom(exchange, content);
          }
          return true;
        });

    byte[] read =
        readAll(pull("a").blob(new Descriptor("l", digest, content.length), TransferProgress.NONE));

    assertThat(read).isEqualTo(content);
    assertThat(requests).hasValue(3);
    assertThat(offset(registry.seen.get(1).header("Range"))).isBetween(1, 100_000);
    assertThat(waits).hasSize(2);
  }

  private static int offset(String range) {
    return range == null || range.isEmpty() ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
  }

  @Test
  void serverWithoutRangesSendsAllAgain() throws Exception {
    byte[] content = bytes(200_000);
    AtomicInteger requests = new AtomicInteger();
    registry.rule(
        exchange -> {
          if (requests.incrementAndGet() == 1) {
            FakeRegistry.breakAfter(exchange, content, 50_000);
          } else {
            FakeRegistry.send(exchange, 200, content);
          }
          return true;
        });

    Descriptor blob = new Descriptor("l", Digest.of(content), content.length);
    assertThat(readAll(pull("a").blob(blob, TransferProgress.NONE))).isEqualTo(content);
  }

  @Test
  void downloadThatNeverMovesIsGivenUp() {
    byte[] content = bytes(1000);
    registry.rule(
        exchange -> {
          exchange.getResponseHeaders().set("Content-Range", "bytes 0-999/1000");
          FakeRegistry.breakAfter(exchange, content, 0);
          return true;
        });
    Descriptor blob = new Descriptor("l", Digest.of(content), content.length);

    assertThatThrownBy(() -> readAll(pull("a").blob(blob, TransferProgress.NONE)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("could not fetch blob " + blob.digest())
        .hasMessageEndingWith("gave up after 4 attempts");
  }

  @Test
  void wrongBlobIsNoticedAtItsEnd() {
    byte[] content = bytes(1000);
    registry.rule(
        exchange -> {
          FakeRegistry.send(exchange, 200, content);
          return true;
        });
    Descriptor blob = new Descriptor("l", Digest.of(new byte[1]), content.length);
    assertThatThrownBy(() -> readAll(pull("a").blob(blob, TransferProgress.NONE)))
        .isInstanceOf(BlobMismatchException.class);
  }

  @Test
  void redirectToAnotherHostCarriesNoAuthorization() throws Exception {
    byte[] content = bytes(5000);
    try (FakeRegistry storage = new FakeRegistry()) {
      storage.rule(
          exchange -> {
            FakeRegistry.sendFrom(exchange, content);
            return true;
          });
      registry.failFirst(1, "GET", 401, "WWW-Authenticate", "Basic realm=\"x\"");
      registry.rule(
          exchange -> {
            exchange.getResponseHeaders().set("Location", storage.url() + "/data?sig=1");
            FakeRegistry.respond(exchange, 307, "");
            return true;
          });
      Repository repository =
          client.open(reference("a"), TestClients.user("u", "p"), RepositoryOptions.PULL);

      Descriptor blob = new Descriptor("l", Digest.of(content), content.length);
      assertThat(readAll(repository.blob(blob, TransferProgress.NONE))).isEqualTo(content);

      assertThat(registry.authorizations()).containsExactly("", "Basic dTpw");
      assertThat(storage.authorizations()).containsExactly("");
      assertThat(storage.lines()).containsExactly("GET /data?sig=1");
    }
  }

  @Test
  void endlessRedirectsEnd() {
    registry.rule(
        exchange -> {
          exchange.getResponseHeaders().set("Location", exchange.getRequestURI().toString());
          FakeRegistry.respond(exchange, 302, "");
          return true;
        });
    assertThatThrownBy(() -> pull("a").manifest(reference("a:1")))
        .hasMessageContaining("gave up after 10 redirects");
  }

  @Test
  void blobIsPushedOnceOnly() throws Exception {
    byte[] content = bytes(200_000);
    Descriptor blob = new Descriptor("l", Digest.of(content), content.length);
    Repository repository = push("a");
    AtomicInteger opened = new AtomicInteger();
    BlobSource source =
        () -> {
          opened.incrementAndGet();
          return new ByteArrayInputStream(content);
        };
    List<Long> moved = new CopyOnWriteArrayList<>();

    assertThat(repository.pushBlob(blob, source, List.of(), moved::add))
        .isEqualTo(PushOutcome.UPLOADED);
    assertThat(repository.pushBlob(blob, source, List.of(), moved::add))
        .isEqualTo(PushOutcome.EXISTED);

    assertThat(registry.hasBlob("a", blob.digest())).isTrue();
    assertThat(opened).hasValue(1);
    assertThat(moved).endsWith(200_000L);
    assertThat(registry.lines())
        .containsExactly(
            "HEAD /v2/a/blobs/" + blob.digest(),
            "POST /v2/a/blobs/uploads/",
            "PUT /v2/a/blobs/uploads/1?_state=x&digest=" + blob.digest(),
            "HEAD /v2/a/blobs/" + blob.digest());
  }

  @Test
  void blobOfAnotherRepositoryIsMounted() throws Exception {
    byte[] content = bytes(2000);
    Descriptor blob = new Descriptor("l", Digest.of(content), content.length);
    registry.putBlob("other", content);

    PushOutcome outcome =
        push("a")
            .pushBlob(
                blob,
                () -> new ByteArrayInputStream(content),
                List.of("other"),
                TransferProgress.NONE);

    assertThat(outcome).isEqualTo(PushOutcome.MOUNTED);
    assertThat(registry.count("PUT")).isZero();
  }

  @Test
  void mountThatIsNotAllowedBecomesAnUpload() throws Exception {
    byte[] content = bytes(2000);
    Descriptor blob = new Descriptor("l", Digest.of(content), content.length);
    registry.failFirst(1, "POST /v2/a/blobs/uploads/?mount", 403);

    PushOutcome outcome =
        push("a")
            .pushBlob(
                blob,
                () -> new ByteArrayInputStream(content),
                List.of("other"),
                TransferProgress.NONE);

    assertThat(outcome).isEqualTo(PushOutcome.UPLOADED);
  }

  @Test
  void brokenUploadStartsAgain() throws Exception {
    byte[] content = bytes(3_000_000);
    Descriptor blob = new Descriptor("l", Digest.of(content), content.length);
    AtomicInteger puts = new AtomicInteger();
    registry.rule(
        exchange -> {
          if (!exchange.getRequestMethod().equals("PUT") || puts.incrementAndGet() > 2) {
            return false;
          }
          if (puts.get() == 1) {
            exchange.getRequestBody().readNBytes(1000);
            exchange.close();
          } else {
            FakeRegistry.respond(exchange, 500, "");
          }
          return true;
        });

    PushOutcome outcome =
        push("a")
            .pushBlob(
                blob, () -> new ByteArrayInputStream(content), List.of(), TransferProgress.NONE);

    assertThat(outcome).isEqualTo(PushOutcome.UPLOADED);
    assertThat(puts).hasValue(3);
    assertThat(registry.count("POST")).isEqualTo(3);
  }

  @Test
  void unreadableSourceIsNotTheRegistrysFault() {
    Descriptor blob = new Descriptor("l", Digest.of(new byte[1]), 1_000_000);
    BlobSource broken =
        () -> {
          throw new IOException("disk is gone");
        };
    assertThatThrownBy(() -> push("a").pushBlob(blob, broken, List.of(), TransferProgress.NONE))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("disk is gone");
    assertThat(registry.count("POST")).isEqualTo(1);
  }

  @Test
  void interruptEndsATransfer() throws Exception {
    java.util.concurrent.CountDownLatch arrived = new java.util.concurrent.CountDownLatch(1);
    java.util.concurrent.CountDownLatch release = new java.util.concurrent.CountDownLatch(1);
    registry.rule(
        exchange -> {
          arrived.countDown();
          try {
            release.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return false;
        });
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    Thread reader =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    pull("a").resolve(reference("a:1"));
                  } catch (IOException e) {
                    failures.add(e);
                  }
                });
    arrived.await();
    reader.interrupt();
    reader.join();
    release.countDown();

    assertThat(failures).hasSize(1);
    assertThat(failures.getFirst()).isInstanceOf(java.io.InterruptedIOException.class);
    assertThat(registry.seen).hasSize(1);
  }

  @Test
  void deniedPushSaysSo() {
    registry.failFirst(99, "", 403);
    Descriptor blob = new Descriptor("l", Digest.of(new byte[1]), 1);
    assertThatThrownBy(
            () ->
                push("a")
                    .pushBlob(
                        blob,
                        () -> new ByteArrayInputStream(new byte[1]),
                        List.of(),
                        TransferProgress.NONE))
        .isInstanceOf(UnauthorizedException.class)
        .hasMessageContaining(
            "push access denied, repository does not exist or may require authorization");
  }

  @Test
  void manifestIsPushedUnderTagOrDigest() throws Exception {
    Repository repository = push("a");
    byte[] bytes = MANIFEST.getBytes(UTF_8);
    repository.pushManifest("1", MediaTypes.OCI_MANIFEST, bytes);
    repository.pushManifest(Digest.of(bytes).toString(), MediaTypes.OCI_MANIFEST, bytes);

    assertThat(registry.hasManifest("a", "1")).isTrue();
    assertThat(registry.lines())
        .containsExactly("PUT /v2/a/manifests/1", "PUT /v2/a/manifests/" + Digest.of(bytes));
  }

  @Test
  void referrersComeFromTheListOrFromTheTag() throws Exception {
    Digest subject = Digest.of(new byte[9]);
    String index =
        "{\"manifests\":[{\"mediaType\":\"m\",\"digest\":\"sha256:"
            + "3".repeat(64)
            + "\",\"size\":1,\"artifactType\":\"sig\"},{\"mediaType\":\"m\",\"digest\":\"sha256:"
            + "4".repeat(64)
            + "\",\"size\":1,\"artifactType\":\"sbom\"}]}";
    assertThat(pull("a").referrers(subject, "")).isEmpty();

    registry.putManifest("a", "sha256-" + subject.hex(), MediaTypes.OCI_INDEX, index);
    assertThat(pull("a").referrers(subject, "")).hasSize(2);
    assertThat(pull("a").referrers(subject, "sig")).hasSize(1);

    registry.rule(
        exchange -> {
          boolean list = exchange.getRequestURI().getPath().contains("/referrers/");
          if (list) {
            FakeRegistry.respond(exchange, 200, index);
          }
          return list;
        });
    assertThat(pull("a").referrers(subject, "sbom")).hasSize(1);
  }
}
