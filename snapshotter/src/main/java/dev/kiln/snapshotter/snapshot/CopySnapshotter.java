package dev.kiln.snapshotter.snapshot;

import dev.kiln.snapshotter.linux.TreeCopy;
import dev.kiln.snapshotter.snapshot.SnapshotTable.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Snapshots as complete copies, for file systems on which overlayfs does not work. Where the file
 * system can share blocks between files, copies cost little.
 */
public final class CopySnapshotter extends FolderSnapshotter {
  private CopySnapshotter(SnapshotTable table) {
    super(table);
  }

  /** Opens the snapshots under a folder. */
  public static CopySnapshotter open(Path root, RecordJournal journal) throws IOException {
    return new CopySnapshotter(SnapshotTable.open(root, journal));
  }

  @Override
  public String name() {
    return "native";
  }

  @Override
  public void prepare(String key, @Nullable String parent) throws IOException {
    Roots.refuseTaken(table, key, parent);
    String folder = table.newFolder();
    String tree = table.root() + "/" + folder + "/fs";
    String source = parent == null ? null : tree(table.get(parent));
    Roots.make(tree, source);
    if (source != null) {
      TreeCopy.contents(source, tree);
      Roots.times(tree, source);
    }
    table.add(new Entry(key, Kind.ACTIVE, parent, List.of(), folder));
  }

  @Override
  public boolean stacks() {
    return false;
  }

  @Override
  public void merge(String key, List<String> layers) {
    throw new UnsupportedOperationException("complete copies cannot be stacked");
  }

  @Override
  List<Mount> writable(Entry active) {
    return List.of(Mount.bind(tree(active), false));
  }

  @Override
  public List<Mount> readOnlyMounts(String key) throws IOException {
    Entry entry = table.get(key);
    if (entry.kind() == Kind.VIEW && entry.parent() != null) {
      entry = table.get(entry.parent());
    }
    return List.of(Mount.bind(tree(entry), true));
  }

  @Override
  public void commit(String name, String key) throws IOException {
    Entry entry = table.require(key, Kind.ACTIVE);
    table.replace(key, new Entry(name, Kind.COMMITTED, entry.parent(), List.of(), entry.folder()));
  }

  @Override
  public void reopen(String key, String name) throws IOException {
    Entry entry = table.require(name, Kind.COMMITTED);
    table.replace(name, new Entry(key, Kind.ACTIVE, entry.parent(), List.of(), entry.folder()));
  }

  @Override
  public Optional<String> upperDirectory(String key) {
    return Optional.empty();
  }
}
