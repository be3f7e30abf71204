package dev.kiln.registry.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.registry.failure.UnauthorizedException;
import dev.kiln.registry.image.MediaTypes;
import dev.kiln.registry.testing.FakeRegistry;
import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.content.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RepositoryPushTest extends RepositoryFixture {
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
    registry.putBlob("other", content);

    assertThat(pushMountable(content)).isEqualTo(PushOutcome.MOUNTED);
    assertThat(registry.count("PUT")).isZero();
  }

  @Test
  void mountThatIsNotAllowedBecomesAnUpload() throws Exception {
    byte[] content = bytes(2000);
    registry.failFirst(1, "POST /v2/a/blobs/uploads/?mount", 403);

    assertThat(pushMountable(content)).isEqualTo(PushOutcome.UPLOADED);
  }

  /** Pushes a blob that another repository may have. */
  private PushOutcome pushMountable(byte[] content) throws Exception {
    return push("a")
        .pushBlob(
            new Descriptor("l", Digest.of(content), content.length),
            () -> new ByteArrayInputStream(content),
            List.of("other"),
            TransferProgress.NONE);
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
}
