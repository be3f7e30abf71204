package dev.kiln.snapshotter.snapshot;

import dev.kiln.snapshotter.linux.FileTree;
import dev.kiln.snapshotter.snapshot.SnapshotTable.Entry;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What snapshotters that keep a folder {@code fs} for each snapshot have in common. */
abstract sealed class FolderSnapshotter implements Snapshotter
    permits OverlaySnapshotter, CopySnapshotter {
  final SnapshotTable table;
  final FolderRemoval removal;

  FolderSnapshotter(SnapshotTable table) {
    this.table = table;
    this.removal = new FolderRemoval();
  }

  /** The folder with the snapshot's own files. */
  final String tree(Entry entry) {
    return table.path(entry) + "/fs";
  }

  @Override
  public final void view(String key, @Nullable String parent) throws IOException {
    Roots.refuseTaken(table, key, parent);
    String folder = "";
    if (parent == null) {
      folder = table.newFolder();
      Roots.make(table.root() + "/" + folder + "/fs", null);
    }
    table.add(new Entry(key, Kind.VIEW, parent, List.of(), folder));
  }

  @Override
  public final List<Mount> mounts(String key) throws IOException {
    Entry entry = table.get(key);
    return entry.kind() == Kind.ACTIVE ? writable(entry) : readOnlyMounts(key);
  }

  abstract List<Mount> writable(Entry active) throws IOException;

  @Override
  public final void remove(String key) throws IOException {
    String folder = table.remove(key);
    if (folder != null) {
      FileTree.remove(folder);
    }
  }

  @Override
  public final void removeLater(String key) throws IOException {
    String folder = table.remove(key);
    if (folder != null) {
      removal.later(folder);
    }
  }

  @Override
  public final Optional<Status> find(String key) {
    Entry entry = table.find(key);
    return entry == null ? Optional.empty() : Optional.of(entry.status());
  }

  @Override
  public final List<Status> list() {
    return table.all().stream().map(Entry::status).toList();
  }

  @Override
  public final Usage usage(String key) throws IOException {
    Entry entry = table.get(key);
    if (entry.folder().isEmpty()) {
      return new Usage(0, 0);
    }
    FileTree.Size size = FileTree.measure(tree(entry));
    return new Usage(size.bytes(), size.inodes());
  }

  @Override
  public final List<String> layerChain(String key) throws IOException {
    return table.chain(key).stream().map(Entry::key).toList();
  }

  @Override
  public final void reconcile(boolean trusted) throws IOException {
    MountPoint.unmountAllBelow(table.root());
    table.reconcile(trusted).forEach(removal::later);
  }

  @Override
  public final void close() {
    removal.close();
  }
}
