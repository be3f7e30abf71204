package dev.kiln.snapshotter.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentStoreTest {
  private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);
  private static final Digest DIGEST =
      new Digest("sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");

  @TempDir Path dir;
  private ContentStore store;

  @BeforeEach
  void open() throws IOException {
    store = ContentStore.open(dir);
  }

  private long leftovers() throws IOException {
    try (var files = Files.list(dir.resolve("ingest"))) {
      return files.count();
    }
  }

  @Test
  void blobsAreFoundUnderTheirDigest() throws IOException {
    assertThat(store.find(DIGEST)).isEmpty();
    assertThat(store.put(HELLO)).isEqualTo(DIGEST);
    assertThat(store.put(HELLO)).isEqualTo(DIGEST);
    assertThat(store.read(DIGEST, 5)).isEqualTo(HELLO);
    assertThatThrownBy(() -> store.read(DIGEST, 4)).hasMessageContaining("larger than 4");
    assertThat(store.list()).extracting(ContentStore.BlobStatus::size).containsExactly(5L);
    assertThat(store.delete(DIGEST)).isTrue();
    assertThat(store.delete(DIGEST)).isFalse();
    assertThatThrownBy(() -> store.openStream(DIGEST)).isInstanceOf(BlobNotFoundException.class);
    assertThat(leftovers()).isZero();
  }

  @Test
  void wrongContentIsRefused() throws IOException {
    try (ContentStore.Writer writer = store.newWriter()) {
      writer.write(HELLO, 0, 4);
      assertThatThrownBy(() -> writer.commit(DIGEST, -1)).isInstanceOf(BlobMismatchException.class);
    }
    try (ContentStore.Writer writer = store.newWriter()) {
      writer.write(HELLO, 0, 5);
      assertThatThrownBy(() -> writer.commit(null, 6)).isInstanceOf(BlobMismatchException.class);
    }
    assertThat(store.list()).isEmpty();
    assertThat(leftovers()).isZero();
  }

  @Test
  void aTransferCanStartAgain() throws IOException {
    try (ContentStore.Writer writer = store.newWriter()) {
      writer.write(HELLO, 0, 3);
      writer.restart();
      writer.write(HELLO, 0, 5);
      assertThat(writer.commit(DIGEST, 5)).isEqualTo(DIGEST);
    }
    assertThat(store.read(DIGEST, 10)).isEqualTo(HELLO);
  }

  @Test
  void unfinishedWritesGo() throws IOException {
    try (ContentStore.Writer writer = store.newWriter()) {
      writer.write(HELLO, 0, 5);
      assertThat(leftovers()).isEqualTo(1);
    }
    assertThat(leftovers()).isZero();
    Files.writeString(dir.resolve("ingest/w7"), "left by a crash");
    ContentStore.open(dir);
    assertThat(leftovers()).isZero();
  }

  @Test
  void damagedBlobsAreNotBelievedAfterACrash() throws IOException {
    Digest other = store.put(new byte[] {1, 2, 3});
    store.put(HELLO);
    Files.write(store.path(DIGEST), new byte[] {7});

    ContentStore trusted = ContentStore.open(dir, true);
    assertThat(trusted.isInDoubt()).isFalse();
    assertThat(trusted.contains(DIGEST)).isTrue();

    ContentStore doubtful = ContentStore.open(dir, false);
    assertThat(doubtful.isInDoubt()).isTrue();
    assertThat(doubtful.contains(DIGEST)).isFalse();
    assertThat(doubtful.contains(other)).isTrue();
    assertThat(doubtful.isInDoubt()).isFalse();
    assertThat(doubtful.list()).hasSize(1);
  }

  @Test
  void damagedBlobsAreReplacedAndTheRestIsLookedAtInTheBackground() throws IOException {
    Digest other = store.put(new byte[] {1, 2, 3});
    store.put(HELLO);
    Files.write(store.path(DIGEST), new byte[] {7});
    Files.write(store.path(other), new byte[] {7});

    ContentStore doubtful = ContentStore.open(dir, false);
    doubtful.put(HELLO);
    assertThat(doubtful.read(DIGEST, 10)).isEqualTo(HELLO);
    assertThat(doubtful.settleAll()).isTrue();
    assertThat(doubtful.isInDoubt()).isFalse();
    assertThat(store.path(other)).doesNotExist();
  }

  @Test
  void digestsAreChecked() {
    assertThat(DIGEST.algorithm()).isEqualTo("sha256");
    assertThat(Digest.isValid("sha512:" + "a".repeat(128))).isTrue();
    for (String bad :
        new String[] {
          "",
          "sha256",
          "sha256:",
          "md5:" + "a".repeat(32),
          "sha256:" + "A".repeat(64),
          "sha256:" + "a".repeat(63),
          "sha256:../../" + "a".repeat(58)
        }) {
      assertThat(Digest.isValid(bad)).as(bad).isFalse();
    }
  }
}
