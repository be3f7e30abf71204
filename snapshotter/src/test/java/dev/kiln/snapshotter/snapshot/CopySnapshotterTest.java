package dev.kiln.snapshotter.snapshot;

import java.io.IOException;
import java.nio.file.Path;

class CopySnapshotterTest extends SnapshotterContract {
  @Override
  Snapshotter open(Path root, RecordJournal journal) throws IOException {
    return CopySnapshotter.open(root, journal);
  }
}
