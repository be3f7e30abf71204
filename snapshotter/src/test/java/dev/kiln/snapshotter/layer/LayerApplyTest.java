package dev.kiln.snapshotter.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.snapshotter.Root;
import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.snapshotter.linux.NodeCalls;
import dev.kiln.snapshotter.linux.XattrCalls;
import dev.kiln.snapshotter.snapshot.Mount;
import dev.kiln.snapshotter.snapshot.MountPoint;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Layers from strangers: odd orders, deletions, links that try to leave the root. */
class LayerApplyTest {
  @TempDir Path dir;
  private Path lower;
  private Path upper;
  private Path tree;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final TarWriter tar = new TarWriter(bytes);

  @BeforeEach
  void folders() throws IOException {
    Root.assumeOverlay(dir);
    lower = Files.createDirectory(dir.resolve("lower"));
    upper = Files.createDirectory(dir.resolve("upper"));
    tree = Files.createDirectory(dir.resolve("tree"));
    Files.createDirectory(dir.resolve("mnt"));
    Files.createDirectory(dir.resolve("outside"));
  }

  private static TarEntry entry(String name, TarEntry.Type type, String link, int size) {
    return new TarEntry(name, type, 0755, 0, 0, size, 1_000, 0, link, 0, 0, Map.of());
  }

  private void file(String name, String content) throws IOException {
    byte[] body = content.getBytes(StandardCharsets.UTF_8);
    tar.begin(entry(name, TarEntry.Type.FILE, "", body.length));
    tar.write(body, 0, body.length);
  }

  private void folder(String name) throws IOException {
    tar.begin(entry(name + "/", TarEntry.Type.DIRECTORY, "", 0));
  }

  private void link(String name, TarEntry.Type type, String target) throws IOException {
    tar.begin(entry(name, type, target, 0));
  }

  private void lower(String name) throws IOException {
    for (Path root : List.of(lower, tree)) {
      Files.createDirectories(root.resolve(name).getParent());
      Files.writeString(root.resolve(name), "lower");
    }
  }

  private void apply() throws IOException {
    tar.finish();
    LayerApply.toUpperFolder(new ByteArrayInputStream(bytes.toByteArray()), upper, () -> lower);
    LayerApply.toTree(new ByteArrayInputStream(bytes.toByteArray()), tree);
  }

  /** Both ways of applying must show the same names. */
  private void shows(String... names) throws IOException {
    Mount overlay =
        new Mount("overlay", "overlay", List.of("lowerdir=" + upper + ":" + lower, "ro"));
    try (MountPoint at = MountPoint.temporary(List.of(overlay), dir.resolve("mnt"))) {
      assertThat(names(at.path())).as("overlay").containsExactly(names);
    }
    assertThat(names(tree)).as("tree").containsExactly(names);
  }

  private static Set<String> names(Path root) throws IOException {
    Set<String> names = new TreeSet<>();
    dev.kiln.snapshotter.linux.FileTree.walk(
        root.toString(), (path, status) -> names.add(path.substring(root.toString().length() + 1)));
    return names;
  }

  @Test
  void whiteoutsAndOpaqueFoldersHideLowerFilesOnly() throws IOException {
    lower("a/one");
    lower("a/two");
    lower("b/one");
    lower("c/one");
    lower("d/one");
    lower("e");
    file("a/.wh.one", "");
    file("b/own", "x");
    file("b/.wh..wh..opq", "");
    file(".wh.c", "");
    file("c/own", "x");
    folder("d");
    file("d/own", "x");
    file(".wh.d", "");
    file("e", "new");
    file(".wh.e", "");
    file(".wh..wh.plnk", "");
    apply();
    shows("a", "a/two", "b", "b/own", "c", "c/own", "d", "d/own", "e");
  }

  @Test
  void nothingLeavesTheRoot() throws IOException {
    link("up", TarEntry.Type.SYMLINK, "../../../../../../.." + dir.resolve("outside"));
    link("abs", TarEntry.Type.SYMLINK, dir.resolve("outside").toString());
    file("up/a", "x");
    file("abs/b", "x");
    file("../../c", "x");
    file("/d", "x");
    apply();
    assertThat(names(dir.resolve("outside"))).isEmpty();
    assertThat(dir.resolve("c")).doesNotExist();
    assertThat(upper.resolve("c")).exists();
    assertThat(upper.resolve("d")).exists();
    assertThat(upper.resolve(dir.resolve("outside").toString().substring(1) + "/a")).exists();
  }

  @Test
  void hardLinksStayInsideToo() throws IOException {
    Files.writeString(dir.resolve("outside/secret"), "secret");
    link("abs", TarEntry.Type.SYMLINK, dir.resolve("outside").toString());
    link("stolen", TarEntry.Type.HARD_LINK, "abs/secret");
    tar.finish();
    assertThatThrownBy(() -> LayerApply.toTree(new ByteArrayInputStream(bytes.toByteArray()), tree))
        .isInstanceOf(IOException.class);
    assertThat(tree.resolve("stolen")).doesNotExist();
  }

  @Test
  void aHardLinkToALowerFileBringsItUp() throws IOException {
    lower("dir/f");
    NodeCalls.setPermissions(lower.resolve("dir/f").toString(), 0640);
    NodeCalls.setOwner(lower.resolve("dir").toString(), 5, 6);
    link("g", TarEntry.Type.HARD_LINK, "dir/f");
    apply();
    FileStatus f = FileStatus.of(upper.resolve("dir/f").toString());
    assertThat(f.sameFile(FileStatus.of(upper.resolve("g").toString()))).isTrue();
    assertThat(FileStatus.of(upper.resolve("dir").toString()).uid()).isEqualTo(5);
    assertThat(upper.resolve("g")).hasContent("lower");
  }

  @Test
  void foldersThatALayerDoesNotMentionLookLikeLower() throws IOException {
    lower("p/q/f");
    NodeCalls.setPermissions(lower.resolve("p").toString(), 01711);
    XattrCalls.set(lower.resolve("p/q").toString(), "user.x", new byte[] {1});
    NodeCalls.setModified(lower.resolve("p").toString(), 77, 5);
    file("p/q/g", "x");
    apply();
    assertThat(FileStatus.of(upper.resolve("p").toString()).permissions()).isEqualTo(01711);
    assertThat(XattrCalls.get(upper.resolve("p/q").toString(), "user.x")).containsExactly(1);
  }

  @Test
  void kindsReplaceEachOther() throws IOException {
    lower("was-dir/f");
    lower("was-file");
    file("was-dir", "x");
    file("was-file/f", "x");
    file("twice", "1");
    folder("twice");
    file("twice/f", "2");
    tar.finish();
    // A file in the way of a folder that is only implied: the tree form refuses.
    assertThatThrownBy(() -> LayerApply.toTree(new ByteArrayInputStream(bytes.toByteArray()), tree))
        .isInstanceOf(IOException.class);
    LayerApply.toUpperFolder(new ByteArrayInputStream(bytes.toByteArray()), upper, () -> lower);
    Mount overlay =
        new Mount("overlay", "overlay", List.of("lowerdir=" + upper + ":" + lower, "ro"));
    try (MountPoint at = MountPoint.temporary(List.of(overlay), dir.resolve("mnt"))) {
      assertThat(names(at.path()))
          .containsExactly("twice", "twice/f", "was-dir", "was-file", "was-file/f");
    }
  }

  @Test
  void folderTimesAreSetLast() throws IOException {
    folder("d");
    file("d/f", "x");
    apply();
    assertThat(FileStatus.of(upper.resolve("d").toString()).mtimeSeconds()).isEqualTo(1_000);
    assertThat(FileStatus.of(tree.resolve("d").toString()).mtimeSeconds()).isEqualTo(1_000);
  }

  @Test
  void brokenStreamsFail() throws IOException {
    file("f", "content");
    tar.finish();
    byte[] whole = bytes.toByteArray();
    for (int length : List.of(100, 515)) {
      byte[] cut = java.util.Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> LayerApply.toTree(new ByteArrayInputStream(cut), tree))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("could not read layer");
    }
    whole[3] ^= 1;
    assertThatThrownBy(() -> LayerApply.toTree(new ByteArrayInputStream(whole), tree))
        .hasMessageContaining("checksum");
  }
}
