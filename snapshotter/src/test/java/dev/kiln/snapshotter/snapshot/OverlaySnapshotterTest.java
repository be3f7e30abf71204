package dev.kiln.snapshotter.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class OverlaySnapshotterTest extends SnapshotterContract {
  @Override
  Snapshotter open(Path root, RecordJournal journal) throws IOException {
    return OverlaySnapshotter.open(root, journal);
  }

  @Test
  void longChainsMountBeyondAPageOfOptions() throws IOException {
    String parent = null;
    for (int i = 0; i < 150; i++) {
      String name = "layer" + i;
      snapshots.prepare(name + "-a", parent);
      Files.writeString(
          Path.of(snapshots.upperDirectory(name + "-a").orElseThrow()).resolve(name), "x");
      snapshots.commit(name, name + "-a");
      parent = name;
    }
    in(parent, root -> assertThat(root.toFile().list()).hasSize(150));
    snapshots.prepare("top", parent);
    in("top", root -> Files.delete(root.resolve("layer3")));
    in("top", root -> assertThat(root.toFile().list()).hasSize(149));
    snapshots.merge("merged", List.of("layer5", "layer7", "layer5"));
    in("merged", root -> assertThat(root.toFile().list()).containsOnly("layer5", "layer7"));
  }
}
