package dev.kiln.registry.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RepositoryPullTest extends RepositoryFixture {
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
