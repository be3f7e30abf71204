package dev.kiln.executor.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootPathTest {
  @TempDir Path root;

  @Test
  void linksAreReadAsTheContainerWould() throws IOException {
    Files.createDirectories(root.resolve("real/deep"));
    Files.createSymbolicLink(root.resolve("abs"), Path.of("/real"));
    Files.createSymbolicLink(root.resolve("real/up"), Path.of("../../../../etc"));
    assertThat(RootPath.resolve(root, "/abs/deep/x")).isEqualTo(root.resolve("real/deep/x"));
    assertThat(RootPath.resolve(root, "abs/up/passwd")).isEqualTo(root.resolve("etc/passwd"));
    assertThat(RootPath.resolve(root, "/../..")).isEqualTo(root);
  }

  @Test
  void circlesAreErrors() throws IOException {
    Files.createSymbolicLink(root.resolve("a"), Path.of("b"));
    Files.createSymbolicLink(root.resolve("b"), Path.of("a"));
    assertThatThrownBy(() -> RootPath.resolve(root, "a/x")).hasMessageContaining("too many links");
  }
}
