package dev.kiln.snapshotter.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.snapshotter.Root;
import dev.kiln.snapshotter.TreeText;
import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.snapshotter.linux.NodeCalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every snapshotter promises. */
abstract class SnapshotterContract {
  @TempDir Path dir;
  final MemoryRecords records = new MemoryRecords();
  RecordJournal journal;
  Snapshotter snapshots;

  abstract Snapshotter open(Path root, RecordJournal journal) throws IOException;

  @BeforeEach
  void start() throws IOException {
    Root.assumeOverlay(dir);
    Files.createDirectory(dir.resolve("mnt"));
    restart();
  }

  void restart() throws IOException {
    stop();
    journal = new RecordJournal(records, () -> {});
    snapshots = open(dir.resolve("snapshots"), journal);
    snapshots.reconcile(false);
  }

  @AfterEach
  void stop() throws IOException {
    if (journal != null) {
      journal.close();
    }
  }

  interface Step {
    void on(Path root) throws IOException;
  }

  void in(String key, Step step) throws IOException {
    try (MountPoint at = MountPoint.temporary(snapshots.mounts(key), dir.resolve("mnt"))) {
      step.on(at.path());
    }
  }

  void layer(String name, String parent, Step step) throws IOException {
    snapshots.prepare(name + "-a", parent);
    in(name + "-a", step);
    snapshots.commit(name, name + "-a");
  }

  private String text(String key) throws IOException {
    String[] text = new String[1];
    in(key, root -> text[0] = TreeText.of(root));
    return text[0];
  }

  private static void refused(
      SnapshotException.Reason reason, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SnapshotException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  void childrenSeeParentsAndNotTheReverse() throws IOException {
    layer("one", null, root -> Files.writeString(root.resolve("f"), "1"));
    String before = text("one");
    layer(
        "two",
        "one",
        root -> {
          Files.writeString(root.resolve("f"), "2");
          Files.writeString(root.resolve("g"), "3");
        });
    assertThat(text("one")).isEqualTo(before);
    assertThat(text("two")).contains("content=2", "content=3");
    assertThat(snapshots.layerChain("two")).containsExactly("one", "two");
    snapshots.view("look", "two");
    assertThat(text("look")).isEqualTo(text("two"));
    assertThatThrownBy(() -> in("look", root -> Files.writeString(root.resolve("no"), "")))
        .isInstanceOf(IOException.class);
  }

  @Test
  void rootsKeepOwnerAndMode() throws IOException {
    layer(
        "one",
        null,
        root -> {
          FileStatus fresh = FileStatus.of(root.toString());
          assertThat(fresh.permissions()).isEqualTo(0755);
          assertThat(fresh.uid()).isZero();
          NodeCalls.setOwner(root.toString(), 7, 8);
          NodeCalls.setPermissions(root.toString(), 01777);
        });
    layer(
        "two",
        "one",
        root -> {
          FileStatus copied = FileStatus.of(root.toString());
          assertThat(copied.permissions()).isEqualTo(01777);
          assertThat(copied.uid()).isEqualTo(7);
          assertThat(copied.gid()).isEqualTo(8);
        });
    in("two", root -> assertThat(FileStatus.of(root.toString()).uid()).isEqualTo(7));
  }

  @Test
  void statesAreGuarded() throws IOException {
    layer("one", null, root -> {});
    snapshots.prepare("active", "one");
    refused(SnapshotException.Reason.EXISTS, () -> snapshots.prepare("one", null));
    refused(SnapshotException.Reason.NOT_FOUND, () -> snapshots.prepare("x", "nothing"));
    refused(SnapshotException.Reason.WRONG_KIND, () -> snapshots.prepare("x", "active"));
    refused(SnapshotException.Reason.IN_USE, () -> snapshots.remove("one"));
    refused(SnapshotException.Reason.EXISTS, () -> snapshots.commit("one", "active"));
    refused(SnapshotException.Reason.WRONG_KIND, () -> snapshots.commit("x", "one"));
    refused(SnapshotException.Reason.NOT_FOUND, () -> snapshots.mounts("x"));
    snapshots.remove("active");
    snapshots.remove("one");
    assertThat(snapshots.list()).isEmpty();
    try (var left = Files.list(dir.resolve("snapshots"))) {
      assertThat(left.filter(f -> !f.getFileName().toString().startsWith("gone-"))).isEmpty();
    }
  }

  @Test
  void activeSnapshotsCanBeMountedAgainAndReopened() throws IOException {
    layer("base", null, root -> Files.writeString(root.resolve("base"), "b"));
    snapshots.prepare("a", "base");
    for (int i = 0; i < 3; i++) {
      String name = "f" + i;
      in("a", root -> Files.writeString(root.resolve(name), "x"));
    }
    snapshots.commit("done", "a");
    snapshots.reopen("again", "done");
    in("again", root -> Files.delete(root.resolve("base")));
    snapshots.commit("done", "again");
    in("done", root -> assertThat(root.resolve("base")).doesNotExist());
    in("done", root -> assertThat(root.resolve("f2")).exists());
  }

  @Test
  void snapshotIsCommittedAndReopenedWhileOthersAreRemoved() throws IOException {
    snapshots.prepare("large", null);
    in(
        "large",
        root -> {
          for (int i = 0; i < 3000; i++) {
            Files.createFile(root.resolve("f" + i));
          }
        });
    layer("base", null, root -> Files.createFile(root.resolve("base")));
    snapshots.prepare("open", "base");
    snapshots.removeLater("large");
    for (int i = 0; i < 5; i++) {
      String name = "f" + i;
      in("open", root -> Files.createFile(root.resolve(name)));
      snapshots.commit("done", "open");
      snapshots.reopen("open", "done");
    }
    in("open", root -> assertThat(root.resolve("f0")).exists());
  }

  @Test
  void hardLinksCountOnce() throws IOException {
    layer(
        "one",
        null,
        root -> {
          Files.write(root.resolve("big"), new byte[1 << 20]);
          Files.createLink(root.resolve("twin"), root.resolve("big"));
        });
    assertThat(snapshots.usage("one").bytes()).isBetween(1L << 20, (1L << 20) + 100_000);
    assertThat(snapshots.usage("one").inodes()).isEqualTo(2);
  }

  @Test
  void recordsAndFoldersAgreeAfterARestart() throws IOException {
    layer("one", null, root -> Files.writeString(root.resolve("f"), "1"));
    layer("two", "one", root -> Files.writeString(root.resolve("g"), "2"));
    layer("other", null, root -> {});
    String text = text("two");
    MountPoint left = MountPoint.temporary(snapshots.mounts("two"), dir.resolve("mnt"));
    Files.createDirectories(dir.resolve("snapshots/zz/fs"));
    restart();
    assertThat(text("two")).isEqualTo(text);
    assertThat(dir.resolve("snapshots/zz")).doesNotExist();
    left.close();
    stop();
    try (var folders = Files.list(dir.resolve("snapshots"))) {
      Path first = folders.sorted().findFirst().orElseThrow();
      dev.kiln.snapshotter.linux.FileTree.remove(first.toString());
    }
    journal = null;
    restart();
    assertThat(snapshots.list()).extracting(Snapshotter.Status::key).containsExactly("other");
  }

  @Test
  void treeThatARepairBroughtBackInAnOldStateIsTheYoungerOne() throws IOException {
    snapshots.prepare("writing", null);
    in("writing", root -> Files.writeString(root.resolve("f"), "1"));
    journal.flush();
    byte[] key = "snapshot/writing".getBytes(StandardCharsets.UTF_8);
    byte[] old = records.get(key);
    snapshots.commit("done", "writing");
    journal.flush();
    records.apply(List.of(new RecordStore.Change(key, old)));
    restart();
    assertThat(snapshots.list()).extracting(Snapshotter.Status::key).containsExactly("done");
    in("done", root -> assertThat(root.resolve("f")).hasContent("1"));
  }

  @Test
  void foldersThatNobodyKnowsAreLeftAloneWhenTheStoreIsTrusted() throws IOException {
    layer("one", null, root -> Files.writeString(root.resolve("f"), "1"));
    Files.createDirectories(dir.resolve("snapshots/zz/fs"));
    Files.createDirectories(dir.resolve("snapshots/gone-zzz/fs"));
    stop();
    journal = new RecordJournal(records, () -> {});
    snapshots = open(dir.resolve("snapshots"), journal);
    snapshots.reconcile(true);
    snapshots.close();
    assertThat(text("one")).contains("f");
    assertThat(dir.resolve("snapshots/zz")).exists();
    assertThat(dir.resolve("snapshots/gone-zzz")).doesNotExist();
  }

  @Test
  void viewOfNothingIsEmpty() throws IOException {
    snapshots.view("empty", null);
    assertThat(text("empty")).isEmpty();
    assertThat(snapshots.layerChain("empty")).isEqualTo(List.of());
  }
}
