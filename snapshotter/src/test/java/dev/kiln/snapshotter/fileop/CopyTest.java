package dev.kiln.snapshotter.fileop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.snapshotter.linux.NodeCalls;
import dev.kiln.snapshotter.linux.XattrCalls;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyTest {
  @TempDir Path temp;
  private Path from;
  private Path to;

  @BeforeEach
  void roots() throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "owners need root");
    from = Files.createDirectory(temp.resolve("from"));
    to = Files.createDirectory(temp.resolve("to"));
  }

  private void source(String... paths) throws IOException {
    for (String path : paths) {
      if (path.endsWith("/")) {
        Files.createDirectories(from.resolve(path));
      } else {
        Files.createDirectories(from.resolve(path).getParent());
        Files.writeString(from.resolve(path), path);
      }
    }
  }

  private void copy(CopyAction.Builder action) throws IOException {
    FileOperations.copy(from, to, action.build());
  }

  /** All paths of the destination; directories end with a slash. */
  private List<String> result() throws IOException {
    try (Stream<Path> paths = Files.walk(to)) {
      return paths
          .filter(path -> !path.equals(to))
          .map(path -> to.relativize(path) + (Files.isDirectory(path) ? "/" : ""))
          .sorted()
          .collect(Collectors.toList());
    }
  }

  private FileStatus status(String path) throws IOException {
    return FileStatus.of(to.resolve(path).toString());
  }

  @Test
  void aDirectoryGoesIntoOneThatExists() throws IOException {
    source("d/x", "d/sub/y");
    Files.createDirectory(to.resolve("out"));
    copy(CopyAction.from("/d", "/out"));
    copy(CopyAction.from("/d", "/fresh").createDestination(true));
    copy(CopyAction.from("/d", "/out").contentsOnly(true));
    assertThat(result())
        .containsExactly(
            "fresh/",
            "fresh/sub/",
            "fresh/sub/y",
            "fresh/x",
            "out/",
            "out/d/",
            "out/d/sub/",
            "out/d/sub/y",
            "out/d/x",
            "out/sub/",
            "out/sub/y",
            "out/x");
  }

  @Test
  void aFileGoesIntoADirectoryOrBecomesTheDestination() throws IOException {
    source("f");
    copy(CopyAction.from("/f", "/dir/").createDestination(true));
    copy(CopyAction.from("/f", "/a/b/name").createDestination(true));
    copy(CopyAction.from("/f", "/dir2/.").createDestination(true));
    assertThat(result())
        .containsExactly("a/", "a/b/", "a/b/name", "dir/", "dir/f", "dir2/", "dir2/f");
  }

  @Test
  void missingParentsAreAnErrorUnlessTheyMayBeMade() throws IOException {
    source("f");
    assertThatThrownBy(() -> copy(CopyAction.from("/f", "/no/where")))
        .hasMessage("failed to stat /no/where: lstat /no: no such file or directory");
    assertThatThrownBy(() -> copy(CopyAction.from("/missing", "/x")))
        .hasMessage("lstat /missing: no such file or directory");
  }

  @Test
  void wildcardsPickFiles() throws IOException {
    source("a.txt", "b.txt", "c.md", "sub/d.txt");
    copy(CopyAction.from("/*.txt", "/out/").allowWildcard(true).createDestination(true));
    copy(CopyAction.from("/s*/*.txt", "/deep/").allowWildcard(true).createDestination(true));
    copy(
        CopyAction.from("/z*", "/none/")
            .allowWildcard(true)
            .allowEmptyWildcard(true)
            .createDestination(true));
    assertThat(result()).containsExactly("deep/", "deep/d.txt", "out/", "out/a.txt", "out/b.txt");
    assertThatThrownBy(() -> copy(CopyAction.from("/z*", "/x").allowWildcard(true)))
        .hasMessage("/z* not found");
  }

  @Test
  void patternsLimitWhatIsCopied() throws IOException {
    source("p/a.go", "p/b.txt", "p/q/c.go", "p/q/d.txt", "p/empty/", "p/vendor/v.go");
    copy(
        CopyAction.from("/p", "/out")
            .createDestination(true)
            .includePatterns(List.of("**/*.go"))
            .excludePatterns(List.of("vendor")));
    assertThat(result()).containsExactly("out/", "out/a.go", "out/q/", "out/q/c.go");
  }

  @Test
  void exceptionsReachIntoExcludedDirectories() throws IOException {
    source("p/bar/baz", "p/bar/other", "p/x");
    copy(
        CopyAction.from("/p", "/out")
            .createDestination(true)
            .excludePatterns(List.of("bar", "!bar/baz")));
    assertThat(result()).containsExactly("out/", "out/bar/", "out/bar/baz", "out/x");
  }

  @Test
  void attributesAreKeptOrReplaced() throws IOException {
    source("d/f");
    NodeCalls.setOwner(from + "/d/f", 11, 12);
    NodeCalls.setPermissions(from + "/d/f", 04751);
    NodeCalls.setBothTimes(from + "/d/f", 1_000_000, 5);
    NodeCalls.setBothTimes(from + "/d", 2_000_000, 6);
    XattrCalls.set(from + "/d/f", "user.k", "v".getBytes(StandardCharsets.UTF_8));
    copy(CopyAction.from("/d", "/keep"));
    assertThat(status("keep/f").permissions()).isEqualTo(04751);
    assertThat(status("keep/f").uid()).isEqualTo(11);
    assertThat(status("keep/f").mtimeNanos()).isEqualTo(5);
    assertThat(status("keep").mtimeSeconds()).isEqualTo(2_000_000);
    assertThat(XattrCalls.get(to + "/keep/f", "user.k")).asString().isEqualTo("v");
    copy(
        CopyAction.from("/d", "/new")
            .owner(new Owner(3, 4))
            .modeText("a=rX")
            .timestamp(Instant.ofEpochSecond(7)));
    assertThat(status("new/f").permissions()).isEqualTo(0555);
    assertThat(status("new").permissions()).isEqualTo(0555);
    assertThat(status("new/f").gid()).isEqualTo(4);
    assertThat(status("new").mtimeSeconds()).isEqualTo(7);
    copy(CopyAction.from("/d", "/number").mode(0600));
    assertThat(status("number/f").permissions()).isEqualTo(0600);
  }

  @Test
  void linksDevicesAndHolesSurvive() throws IOException {
    source("d/one");
    Files.createLink(from.resolve("d/two"), from.resolve("d/one"));
    Files.createSymbolicLink(from.resolve("d/sym"), Path.of("/etc/passwd"));
    NodeCalls.makeNode(from + "/d/fifo", FileStatus.FIFO | 0640, 0, 0);
    NodeCalls.makeNode(from + "/d/block", FileStatus.BLOCK_DEVICE | 0640, 7, 300);
    NodeCalls.makeNode(from + "/d/sock", FileStatus.SOCKET | 0640, 0, 0);
    try (var sparse = new RandomAccessFile(from.resolve("d/sparse").toFile(), "rw")) {
      sparse.seek(40_000_000);
      sparse.write(1);
      sparse.setLength(50_000_000);
    }
    copy(CopyAction.from("/d", "/out"));
    assertThat(status("out/one").inode()).isEqualTo(status("out/two").inode());
    assertThat(Files.readSymbolicLink(to.resolve("out/sym"))).hasToString("/etc/passwd");
    assertThat(status("out/fifo").mode()).isEqualTo(FileStatus.FIFO | 0640);
    assertThat(status("out/block").type()).isEqualTo(FileStatus.BLOCK_DEVICE);
    assertThat(status("out/block").rdevMinor()).isEqualTo(300);
    assertThat(status("out/sock").mode()).isEqualTo(FileStatus.REGULAR | 0640);
    assertThat(status("out/sparse").size()).isEqualTo(50_000_000);
    assertThat(status("out/sparse").blocks()).isLessThan(1000);
    assertThat(Files.mismatch(from.resolve("d/sparse"), to.resolve("out/sparse"))).isEqualTo(-1);
  }

  @Test
  void whatIsInTheWayIsReplacedOrRefused() throws IOException {
    source("d/x", "d/y/z");
    Files.createDirectories(to.resolve("out/x"));
    assertThatThrownBy(() -> copy(CopyAction.from("/d", "/out").contentsOnly(true)))
        .hasMessage("cannot replace to directory /out/x with file");
    Files.delete(to.resolve("out/x"));
    Files.createDirectories(to.resolve("elsewhere"));
    Files.createSymbolicLink(to.resolve("out/y"), Path.of("/elsewhere"));
    assertThatThrownBy(() -> copy(CopyAction.from("/d", "/out").contentsOnly(true)))
        .hasMessage("cannot copy to non-directory: /out/y");
    copy(CopyAction.from("/d", "/out").contentsOnly(true).alwaysReplace(true));
    assertThat(result()).containsExactly("elsewhere/", "out/", "out/x", "out/y/", "out/y/z");
  }

  @Test
  void symlinksStayWithinTheirRoots() throws IOException {
    source("real/f");
    Files.createSymbolicLink(from.resolve("l"), Path.of("../../real"));
    Files.createSymbolicLink(to.resolve("esc"), Path.of("../../../.."));
    copy(CopyAction.from("/l/f", "/esc/in/").createDestination(true));
    copy(CopyAction.from("/l", "/followed").followSymlink(true));
    copy(CopyAction.from("/l", "/kept"));
    assertThat(to.resolve("in/f")).hasContent("real/f");
    assertThat(to.resolve("followed/f")).hasContent("real/f");
    assertThat(Files.isSymbolicLink(to.resolve("kept"))).isTrue();
  }

  @Test
  void archivesAreUnpackedWhereAskedFor() throws Exception {
    source("t/a", "t/.wh.b", "plain");
    for (String kind : new String[] {"", "z", "j", "J"}) {
      run("tar", "c" + kind + "f", from + "/x" + kind + ".tar", "-C", from + "/t", "a", ".wh.b");
      copy(
          CopyAction.from("/x" + kind + ".tar", "/out" + kind)
              .unpackArchives(true)
              .createDestination(true)
              .owner(new Owner(9, 9)));
      assertThat(to.resolve("out" + kind + "/a")).hasContent("t/a");
      assertThat(to.resolve("out" + kind + "/.wh.b")).exists();
      assertThat(status("out" + kind + "/a").uid()).isEqualTo(9);
    }
    copy(CopyAction.from("/plain", "/p").unpackArchives(true));
    assertThat(to.resolve("p")).hasContent("plain");
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).inheritIO().start();
    assumeTrue(process.waitFor() == 0, () -> "needs " + String.join(" ", command));
  }

  @Test
  void malformedModesAreRefused() throws IOException {
    source("f");
    assertThatThrownBy(() -> copy(CopyAction.from("/f", "/g").modeText("u+q")))
        .hasMessage("invalid syntax");
  }
}
