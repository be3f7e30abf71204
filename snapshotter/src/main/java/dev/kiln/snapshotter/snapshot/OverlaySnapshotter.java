package dev.kiln.snapshotter.snapshot;

import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.snapshotter.linux.FileTree;
import dev.kiln.snapshotter.linux.NodeCalls;
import dev.kiln.snapshotter.snapshot.SnapshotTable.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Snapshots by overlayfs: each has a folder {@code fs} with its own changes, and the mount stacks
 * the folders of the chain. Merging costs nothing, since it is only another stack.
 *
 * <p>Writable mounts are {@code volatile}: the kernel leaves syncing to the journal, which syncs
 * many snapshots at once. Features that would make a folder depend on where it is mounted
 * (redirects, metadata-only copies, the inode index) are off.
 */
public final class OverlaySnapshotter extends FolderSnapshotter {
  /** What an older kernel may not know, in the order in which it is given up. */
  private static final List<String> VOLATILE = List.of("volatile");

  private static final List<String> BASE_OPTIONS =
      List.of("index=off", "redirect_dir=off", "metacopy=off");

  private final List<String> writableOptions;

  private OverlaySnapshotter(SnapshotTable table, List<String> writableOptions) {
    super(table);
    this.writableOptions = writableOptions;
  }

  /**
   * Opens the snapshots under a folder.
   *
   * @throws IOException also when overlayfs does not work there
   */
  public static OverlaySnapshotter open(Path root, RecordJournal journal) throws IOException {
    SnapshotTable table = SnapshotTable.open(root, journal);
    boolean quick = OverlayProbe.works(table.root(), join(BASE_OPTIONS, VOLATILE));
    if (!quick && !OverlayProbe.works(table.root(), BASE_OPTIONS)) {
      throw new IOException(
          "could not mount an overlay in "
              + root
              + "; use another file system or the native snapshotter");
    }
    return new OverlaySnapshotter(table, quick ? join(BASE_OPTIONS, VOLATILE) : BASE_OPTIONS);
  }

  /** Whether overlayfs can keep its snapshots in a folder. */
  public static boolean isSupported(Path root) throws IOException {
    return OverlayProbe.works(root, BASE_OPTIONS);
  }

  private static List<String> join(List<String> some, List<String> more) {
    List<String> all = new ArrayList<>(some);
    all.addAll(more);
    return List.copyOf(all);
  }

  @Override
  public String name() {
    return "overlayfs";
  }

  @Override
  public void prepare(String key, @Nullable String parent) throws IOException {
    Roots.refuseTaken(table, key, parent);
    String folder = table.newFolder();
    String path = table.root() + "/" + folder;
    NodeCalls.makeDirectory(path + "/work", 0711);
    Roots.make(path + "/fs", parent == null ? null : top(parent));
    table.add(new Entry(key, Kind.ACTIVE, parent, List.of(), folder));
  }

  private @Nullable String top(String parent) throws SnapshotException {
    List<Entry> chain = table.chain(parent);
    return chain.isEmpty() ? null : tree(chain.getLast());
  }

  @Override
  public boolean stacks() {
    return true;
  }

  @Override
  public void merge(String key, List<String> layers) throws IOException {
    for (String layer : layers) {
      table.require(layer, Kind.COMMITTED);
    }
    table.add(new Entry(key, Kind.MERGED, null, List.copyOf(layers), ""));
  }

  @Override
  List<Mount> writable(Entry entry) throws IOException {
    if (entry.parent() == null) {
      return List.of(Mount.bind(tree(entry), false));
    }
    // A volatile mount leaves this mark, and the kernel refuses the next mount as long as it is
    // there; what it warns of (unsynced data after a crash) is what the journal rules out.
    FileTree.remove(table.path(entry) + "/work/work/incompat");
    List<String> options = new ArrayList<>(writableOptions);
    options.add("workdir=" + table.path(entry) + "/work");
    options.add("upperdir=" + tree(entry));
    options.add("lowerdir=" + String.join(":", stack(table.chain(entry.parent()))));
    return List.of(new Mount("overlay", "overlay", options));
  }

  @Override
  public List<Mount> readOnlyMounts(String key) throws IOException {
    Entry entry = table.get(key);
    if (entry.kind() == Kind.VIEW && entry.parent() == null) {
      return List.of(Mount.bind(tree(entry), true));
    }
    List<String> folders = stack(table.chain(key));
    if (folders.size() == 1) {
      return List.of(Mount.bind(folders.getFirst(), true));
    }
    List<String> options = new ArrayList<>(BASE_OPTIONS);
    options.add("ro");
    options.add("lowerdir=" + String.join(":", folders));
    return List.of(new Mount("overlay", "overlay", options));
  }

  /**
   * The folders of a chain, highest first as overlayfs wants them. It refuses a folder that occurs
   * twice; only the highest place counts then, since whatever lies below it is covered by it.
   */
  private List<String> stack(List<Entry> chain) {
    LinkedHashSet<String> folders = new LinkedHashSet<>();
    for (Entry entry : chain.reversed()) {
      folders.add(tree(entry));
    }
    return List.copyOf(folders);
  }

  @Override
  public void commit(String name, String key) throws IOException {
    Entry entry = table.require(key, Kind.ACTIVE);
    table.replace(key, new Entry(name, Kind.COMMITTED, entry.parent(), List.of(), entry.folder()));
    // Later, since the caller may hold locks and the folder is of no use any more.
    String gone = table.newGonePath();
    NodeCalls.rename(table.path(entry) + "/work", gone);
    removal.later(gone);
  }

  @Override
  public void reopen(String key, String name) throws IOException {
    Entry entry = table.require(name, Kind.COMMITTED);
    String work = table.path(entry) + "/work";
    if (FileStatus.find(work) == null) {
      NodeCalls.makeDirectory(work, 0711);
    }
    table.replace(name, new Entry(key, Kind.ACTIVE, entry.parent(), List.of(), entry.folder()));
  }

  @Override
  public Optional<String> upperDirectory(String key) throws IOException {
    Entry entry = table.get(key);
    return entry.folder().isEmpty() ? Optional.empty() : Optional.of(tree(entry));
  }
}
