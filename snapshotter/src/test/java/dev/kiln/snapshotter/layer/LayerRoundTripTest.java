package dev.kiln.snapshotter.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.snapshotter.Root;
import dev.kiln.snapshotter.TreeText;
import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.snapshotter.linux.NodeCalls;
import dev.kiln.snapshotter.linux.XattrCalls;
import dev.kiln.snapshotter.snapshot.MemoryRecords;
import dev.kiln.snapshotter.snapshot.MountPoint;
import dev.kiln.snapshotter.snapshot.OverlaySnapshotter;
import dev.kiln.snapshotter.snapshot.RecordJournal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every kind of file and change goes through diff, compress and apply and comes out the same. */
class LayerRoundTripTest {
  @TempDir Path dir;
  private OverlaySnapshotter snapshots;
  private RecordJournal journal;

  @BeforeEach
  void open() throws IOException {
    Root.assumeOverlay(dir);
    journal = new RecordJournal(new MemoryRecords(), () -> {});
    snapshots = OverlaySnapshotter.open(dir.resolve("s"), journal);
    Files.createDirectory(dir.resolve("mnt"));
  }

  @AfterEach
  void close() throws IOException {
    if (journal != null) {
      journal.close();
    }
  }

  interface Step {
    void on(Path root) throws IOException;
  }

  private void layer(String name, String parent, Step step) throws IOException {
    snapshots.prepare(name + "-a", parent);
    try (MountPoint at = MountPoint.temporary(snapshots.mounts(name + "-a"), dir.resolve("mnt"))) {
      step.on(at.path());
    }
    snapshots.commit(name, name + "-a");
  }

  private String text(String key) throws IOException {
    try (MountPoint at = MountPoint.temporary(snapshots.mounts(key), dir.resolve("mnt"))) {
      return TreeText.of(at.path());
    }
  }

  private byte[] upperDiff(String key, String parent) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Path upper = Path.of(snapshots.upperDirectory(key).orElseThrow());
    if (parent == null) {
      LayerDiff.ofUpperFolder(out, null, upper, null);
    } else {
      try (MountPoint at = MountPoint.open(snapshots.mounts(parent), dir.resolve("mnt"))) {
        LayerDiff.ofUpperFolder(out, at.path(), upper, null);
      }
    }
    return out.toByteArray();
  }

  private byte[] walkedDiff(String key, String parent) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (MountPoint below = MountPoint.temporary(snapshots.mounts(parent), dir.resolve("mnt"));
        MountPoint above = MountPoint.temporary(snapshots.mounts(key), dir.resolve("mnt"))) {
      LayerDiff.ofTrees(out, below.path(), above.path(), null);
    }
    return out.toByteArray();
  }

  private void applyUpper(byte[] blob, String name, String parent) throws IOException {
    snapshots.prepare(name + "-a", parent);
    List<MountPoint> lower = new ArrayList<>();
    LayerApply.toUpperFolder(
        new ByteArrayInputStream(blob),
        Path.of(snapshots.upperDirectory(name + "-a").orElseThrow()),
        () -> {
          if (parent == null) {
            return null;
          }
          lower.add(MountPoint.open(snapshots.mounts(parent), dir.resolve("mnt")));
          return lower.getFirst().path();
        });
    for (MountPoint point : lower) {
      point.close();
    }
    snapshots.commit(name, name + "-a");
  }

  private void applyTree(byte[] blob, String name, String parent) throws IOException {
    layer(name, parent, root -> LayerApply.toTree(new ByteArrayInputStream(blob), root));
  }

  static void file(Path root, String name, String content) throws IOException {
    Files.createDirectories(root.resolve(name).getParent());
    Files.writeString(root.resolve(name), content);
    NodeCalls.setModified(root.resolve(name).toString(), 1_600_000_000L, 0);
  }

  private static void everything(Path root) throws IOException {
    String r = root.toString();
    file(root, "plain", "hello");
    file(root, "empty", "");
    file(root, "big", "0123456789abcdef".repeat(100_000));
    file(root, "d/e/f/deep", "deep");
    file(root, "grün/ß", "umlaut");
    file(root, "x".repeat(120) + "/" + "y".repeat(200), "long");
    NodeCalls.makeDirectory(r + "/bytes-\udcff\udc80", 0755);
    NodeCalls.makeSymlink("../d/\udcfe", r + "/bytes-\udcff\udc80/link");
    NodeCalls.makeSymlink("t".repeat(150), r + "/longlink");
    NodeCalls.makeSymlink("/nowhere/at/all", r + "/absolute");
    NodeCalls.setOwner(r + "/absolute", 12, 34);
    NodeCalls.makeLink(r + "/plain", r + "/hard");
    NodeCalls.makeLink(r + "/absolute", r + "/hardsymlink");
    NodeCalls.makeNode(r + "/fifo", FileStatus.FIFO | 0640, 0, 0);
    NodeCalls.makeNode(r + "/char", FileStatus.CHARACTER_DEVICE | 0666, 1, 3);
    NodeCalls.makeNode(r + "/block", FileStatus.BLOCK_DEVICE | 0660, 259, 70_000);
    NodeCalls.makeNode(r + "/socket", FileStatus.SOCKET | 0660, 0, 0);
    file(root, "setuid", "s");
    NodeCalls.setOwner(r + "/setuid", 1000, 4_000_000);
    NodeCalls.setPermissions(r + "/setuid", 06755);
    file(root, "caps", "c");
    byte[] cap = {1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    XattrCalls.set(r + "/caps", "security.capability", cap);
    XattrCalls.set(
        r + "/caps", "user.note", "a\nb=c\0d".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    NodeCalls.setModified(r + "/caps", -5, 0);
    NodeCalls.makeDirectory(r + "/sticky", 0755);
    NodeCalls.setPermissions(r + "/sticky", 01777);
    NodeCalls.setModified(r + "/sticky", 1_500_000_000L, 0);
  }

  private static void changes(Path root) throws IOException {
    String r = root.toString();
    Files.delete(root.resolve("empty"));
    file(root, "plain", "changed");
    file(root, "d/e/new", "new");
    Files.delete(root.resolve("d/e/f/deep"));
    dev.kiln.snapshotter.linux.FileTree.remove(r + "/grün");
    file(root, "grün/other", "in a recreated folder");
    dev.kiln.snapshotter.linux.FileTree.remove(r + "/sticky");
    file(root, "sticky", "a file now");
    Files.delete(root.resolve("fifo"));
    file(root, "fifo/inside", "a folder now");
    NodeCalls.setPermissions(r + "/big", 0600);
    NodeCalls.makeLink(r + "/setuid", r + "/setuid-too");
  }

  private static String withoutSockets(String text) {
    return text.lines().filter(l -> !l.startsWith("socket ")).reduce("", (a, b) -> a + b + "\n");
  }

  @Test
  void everyTypeSurvives() throws IOException {
    layer("base", null, LayerRoundTripTest::everything);
    byte[] tar = upperDiff("base", null);
    String expected = withoutSockets(text("base"));
    applyUpper(tar, "again", null);
    assertThat(text("again")).isEqualTo(expected);
    applyTree(tar, "tree", null);
    assertThat(text("tree")).isEqualTo(expected);
  }

  @Test
  void everyChangeSurvives() throws IOException {
    layer("base", null, LayerRoundTripTest::everything);
    layer("next", "base", LayerRoundTripTest::changes);
    byte[] fast = upperDiff("next", "base");
    byte[] walked = walkedDiff("next", "base");
    String expected = text("next");
    applyUpper(fast, "a", "base");
    applyTree(fast, "b", "base");
    applyUpper(walked, "c", "base");
    for (String key : List.of("a", "b", "c")) {
      assertThat(text(key)).as(key).isEqualTo(expected);
    }
  }

  @Test
  void compressionsComeBackAndAreDeterministic() throws IOException {
    layer("base", null, LayerRoundTripTest::everything);
    byte[] tar = upperDiff("base", null);
    assertThat(upperDiff("base", null)).isEqualTo(tar);
    for (Compression kind : Compression.values()) {
      for (boolean portable : new boolean[] {true, false}) {
        byte[] packed = compress(tar, kind, portable);
        assertThat(compress(tar, kind, portable)).isEqualTo(packed);
        try (var in = Decompressor.open(new ByteArrayInputStream(packed))) {
          assertThat(in.readAllBytes()).isEqualTo(tar);
        }
      }
    }
  }

  private static byte[] compress(byte[] data, Compression kind, boolean portable)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Compressor compressor = Compressor.start(out, kind, -1, portable)) {
      compressor.write(data, 0, data.length);
      compressor.finish();
    }
    return out.toByteArray();
  }
}
