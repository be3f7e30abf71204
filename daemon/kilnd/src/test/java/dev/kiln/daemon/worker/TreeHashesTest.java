package dev.kiln.daemon.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.snapshotter.checksum.ContentChanges;
import dev.kiln.snapshotter.checksum.ContentHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeHashesTest {
  private static final ContentHash EMPTY = new ContentChanges(null).finish();

  @TempDir Path folder;

  @Test
  void keptDigestsAreThereAfterAStart() throws IOException {
    open().keep("tree", "face", EMPTY);
    TreeHashes next = open();
    assertThat(next.find("tree")).isPresent();
    assertThat(next.find("face")).isPresent();
  }

  @Test
  void digestsOfATreeThatWasBeingChangedAreNotThereAfterAStart() throws IOException {
    TreeHashes hashes = open();
    hashes.keep("tree", "face", EMPTY);
    assertThat(hashes.take("tree")).isPresent();
    assertThat(hashes.find("tree")).isEmpty();
    // As after a kill: nothing more was kept.
    assertThat(open().find("tree")).isEmpty();
  }

  @Test
  void damagedDigestsAreNoDigests() throws IOException {
    open().keep("tree", EMPTY);
    Path file = folder.resolve("tree");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
    assertThat(open().find("tree")).isEmpty();
    assertThat(file).doesNotExist();
  }

  private TreeHashes open() throws IOException {
    return TreeHashes.open(folder, 4, id -> true);
  }
}
