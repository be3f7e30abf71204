package dev.kiln.daemon.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.registry.reference.ImageReference;
import dev.kiln.snapshotter.content.Digest;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownOriginsTest {
  private static final Digest ONE = Digest.of(new byte[] {1});
  private static final Digest TWO = Digest.of(new byte[] {2});

  @TempDir Path folder;

  @Test
  void repositoryHasOnlyWhatItWasSeenToHave() throws Exception {
    KnownOrigins.open(folder).add(ONE, ImageReference.parse("example.org/app:1"));
    KnownOrigins origins = KnownOrigins.open(folder);
    assertThat(origins.has(ONE, ImageReference.parse("example.org/app:2"))).isTrue();
    assertThat(origins.has(ONE, ImageReference.parse("example.org/other:1"))).isFalse();
    assertThat(origins.has(TWO, ImageReference.parse("example.org/app:1"))).isFalse();
  }

  @Test
  void whatIsGoneIsForgotten() throws Exception {
    ImageReference app = ImageReference.parse("example.org/app");
    KnownOrigins origins = KnownOrigins.open(folder);
    origins.add(ONE, app);
    origins.add(TWO, app);
    Files.createFile(folder.resolve("something"));
    origins.forgetUnless(TWO::equals);
    assertThat(origins.has(ONE, app)).isFalse();
    assertThat(origins.has(TWO, app)).isTrue();
    assertThat(folder).isDirectoryContaining("glob:**sha256-*");
    assertThat(folder.resolve("something")).doesNotExist();
  }
}
