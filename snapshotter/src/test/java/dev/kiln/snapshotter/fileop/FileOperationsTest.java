package dev.kiln.snapshotter.fileop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kiln.snapshotter.linux.FileStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileOperationsTest {
  private static final Instant MOMENT = Instant.ofEpochSecond(1_600_000_000, 123_456_789);

  @TempDir Path temp;
  private Path root;
  private Path outside;

  @BeforeEach
  void roots() throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "owners need root");
    root = Files.createDirectory(temp.resolve("root"));
    outside = Files.createDirectory(temp.resolve("outside"));
    Files.writeString(outside.resolve("precious"), "keep");
  }

  private FileStatus status(String path) throws IOException {
    return FileStatus.of(root.resolve(path).toString());
  }

  @Test
  void directoriesGetModeOwnerAndTime() throws IOException {
    FileOperations.makeDirectory(
        root, new MakeDirectory("/a/b/c", 0750, true, new Owner(5, 6), MOMENT));
    for (String path : new String[] {"a", "a/b", "a/b/c"}) {
      assertThat(status(path).permissions()).isEqualTo(0750);
      assertThat(status(path).uid()).isEqualTo(5);
      assertThat(status(path).gid()).isEqualTo(6);
    }
    assertThat(status("a/b/c").mtimeNanos()).isEqualTo(123_456_789);
  }

  @Test
  void aDirectoryThatIsThereStays() throws IOException {
    FileOperations.makeDirectory(root, new MakeDirectory("/a", 0700, false, null, null));
    FileOperations.makeDirectory(root, new MakeDirectory("/a", 0777, false, null, null));
    assertThat(status("a").permissions()).isEqualTo(0700);
    assertThatThrownBy(
            () ->
                FileOperations.makeDirectory(
                    root, new MakeDirectory("/x/y", 0700, false, null, null)))
        .hasMessage("mkdir /x/y: no such file or directory");
    Files.writeString(root.resolve("f"), "");
    assertThatThrownBy(
            () ->
                FileOperations.makeDirectory(
                    root, new MakeDirectory("/f/y", 0700, true, null, null)))
        .hasMessageContaining("not a directory");
  }

  @Test
  void filesAreWrittenThroughLinksWithinTheRoot() throws IOException {
    Files.createSymbolicLink(root.resolve("link"), Path.of("/target"));
    Files.createSymbolicLink(root.resolve("up"), Path.of("../../../outside"));
    write("/link", "one", 0640);
    write("/link", "two", 0777);
    assertThat(Files.readString(root.resolve("target"))).isEqualTo("two");
    assertThat(status("target").permissions()).isEqualTo(0640);
    assertThatThrownBy(() -> write("/up/precious", "lost", 0600))
        .hasMessage("open /outside/precious: no such file or directory");
    assertThat(outside.resolve("precious")).hasContent("keep");
  }

  private void write(String path, String content, int mode) throws IOException {
    FileOperations.makeFile(
        root,
        new MakeFile(path, mode, content.getBytes(StandardCharsets.UTF_8), Owner.ROOT, MOMENT));
  }

  @Test
  void symlinksAreMadeWhereNothingIs() throws IOException {
    FileOperations.makeSymlink(root, new MakeSymlink("../any text", "/l", new Owner(1, 2), MOMENT));
    assertThat(Files.readSymbolicLink(root.resolve("l"))).hasToString("../any text");
    assertThat(status("l").uid()).isEqualTo(1);
    assertThat(status("l").mtimeSeconds()).isEqualTo(MOMENT.getEpochSecond());
    Files.writeString(root.resolve("f"), "");
    assertThatThrownBy(
            () -> FileOperations.makeSymlink(root, new MakeSymlink("x", "/f", null, null)))
        .hasMessageContaining("file exists");
  }

  @Test
  void removalTakesTheLinkAndNotItsTarget() throws IOException {
    Files.createSymbolicLink(root.resolve("l"), outside);
    Files.createSymbolicLink(root.resolve("dangling"), Path.of("nowhere"));
    FileOperations.remove(root, new RemovePath("/l", false, false));
    FileOperations.remove(root, new RemovePath("dangling", false, false));
    assertThat(Files.exists(root.resolve("l"), LinkOption.NOFOLLOW_LINKS)).isFalse();
    assertThat(outside.resolve("precious")).exists();
  }

  @Test
  void removalOfPatternsAndOfNothing() throws IOException {
    for (String name : new String[] {"d/a1", "d/a2/x", "d/b"}) {
      Files.createDirectories(root.resolve(name).getParent());
      Files.writeString(root.resolve(name), "");
    }
    FileOperations.remove(root, new RemovePath("/d/a*", false, true));
    FileOperations.remove(root, new RemovePath("/d/zzz*", false, true));
    assertThat(root.resolve("d")).isDirectoryContaining("glob:**b");
    assertThat(root.resolve("d").toFile().list()).containsExactly("b");
    FileOperations.remove(root, new RemovePath("/none", true, false));
    assertThatThrownBy(() -> FileOperations.remove(root, new RemovePath("/none", false, false)))
        .hasMessage("stat /none: no such file or directory");
    assertThatThrownBy(() -> FileOperations.remove(root, new RemovePath("/", false, false)))
        .hasMessageContaining("root itself");
  }
}
