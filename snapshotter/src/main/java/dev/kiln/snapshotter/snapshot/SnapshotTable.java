package dev.kiln.snapshotter.snapshot;

import dev.kiln.snapshotter.linux.DirectoryEntries;
import dev.kiln.snapshotter.linux.FileTree;
import dev.kiln.snapshotter.linux.NodeCalls;
import dev.kiln.snapshotter.snapshot.SnapshotException.Reason;
import dev.kiln.snapshotter.snapshot.Snapshotter.Kind;
import dev.kiln.snapshotter.snapshot.Snapshotter.Status;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What both snapshotters share: the table of snapshots in memory, its records, and one numbered
 * folder for each snapshot with data ({@code <root>/<number>}). Thread-safe.
 */
final class SnapshotTable {
  private static final String PREFIX = "snapshot/";
  private static final String GONE = "gone-";
  private static final int FORMAT = 1;

  /** One snapshot; {@code folder} is empty when it has no data of its own. */
  record Entry(String key, Kind kind, @Nullable String parent, List<String> layers, String folder) {
    Status status() {
      return new Status(key, kind, parent, layers);
    }

    /** The snapshots that must stay as long as this one. */
    List<String> holds() {
      return parent == null ? layers : List.of(parent);
    }
  }

  private final Path root;
  private final RecordJournal journal;
  private final Map<String, Entry> entries = new ConcurrentHashMap<>();
  private final Map<String, Integer> children = new HashMap<>();
  private final AtomicLong nextFolder = new AtomicLong();

  SnapshotTable(Path root, RecordJournal journal) {
    this.root = root;
    this.journal = journal;
  }

  /** Reads the records and drops, on disk and in memory, what the other side does not know. */
  static SnapshotTable open(Path root, RecordJournal journal) throws IOException {
    Files.createDirectories(root);
    SnapshotTable table = new SnapshotTable(root.toRealPath(), journal);
    journal
        .store()
        .scan(
            PREFIX.getBytes(StandardCharsets.UTF_8),
            (key, value) -> {
              String name = new String(key, StandardCharsets.UTF_8).substring(PREFIX.length());
              table.entries.put(name, decode(name, value));
            });
    long last = 0;
    for (Entry entry : table.entries.values()) {
      last = Math.max(last, entry.folder().isEmpty() ? 0 : Long.parseLong(entry.folder(), 36));
    }
    table.nextFolder.set(last);
    table.countChildren();
    return table;
  }

  private synchronized void countChildren() {
    children.clear();
    entries.values().forEach(e -> e.holds().forEach(h -> children.merge(h, 1, Integer::sum)));
  }

  /** Removes folders without record and records without folder (with all that stand on them). */
  void reconcile() throws IOException {
    Set<String> known = new HashSet<>();
    entries.values().forEach(e -> known.add(e.folder()));
    for (String name : DirectoryEntries.sorted(root.toString())) {
      if (!known.contains(name)) {
        FileTree.remove(root + "/" + name);
      }
    }
    boolean dropped = true;
    while (dropped) {
      dropped = false;
      for (Entry entry : List.copyOf(entries.values())) {
        boolean lost =
            !entries.keySet().containsAll(entry.holds())
                || (!entry.folder().isEmpty() && !Files.isDirectory(root.resolve(entry.folder())));
        if (lost) {
          entries.remove(entry.key());
          journal.delete(PREFIX + entry.key());
          removeFolder(entry);
          dropped = true;
        }
      }
    }
    countChildren();
  }

  Entry get(String key) throws SnapshotException {
    Entry entry = entries.get(key);
    if (entry == null) {
      throw new SnapshotException(Reason.NOT_FOUND, "snapshot " + key + " does not exist");
    }
    return entry;
  }

  @Nullable Entry find(String key) {
    return entries.get(key);
  }

  Collection<Entry> all() {
    return entries.values();
  }

  Entry require(String key, Kind... kinds) throws SnapshotException {
    Entry entry = get(key);
    if (!List.of(kinds).contains(entry.kind())) {
      throw new SnapshotException(
          Reason.WRONG_KIND,
          "snapshot " + key + " is " + entry.kind() + ", expected " + List.of(kinds));
    }
    return entry;
  }

  /** The path of an entry's folder. */
  String path(Entry entry) {
    return root + "/" + entry.folder();
  }

  Path root() {
    return root;
  }

  /** A new empty folder's name; the folder is made. */
  String newFolder() throws IOException {
    String name = Long.toString(nextFolder.incrementAndGet(), 36);
    Path path = root.resolve(name);
    if (Files.exists(path)) {
      // Left by a crash and not reconciled yet.
      FileTree.remove(path.toString());
    }
    NodeCalls.makeDirectory(path.toString(), 0700);
    return name;
  }

  /** Adds an entry whose folder is ready. */
  synchronized void add(Entry entry) throws SnapshotException {
    if (entries.containsKey(entry.key())) {
      throw new SnapshotException(Reason.EXISTS, "snapshot " + entry.key() + " already exists");
    }
    for (String held : entry.holds()) {
      require(held, Kind.COMMITTED, Kind.MERGED);
    }
    entry.holds().forEach(h -> children.merge(h, 1, Integer::sum));
    store(entry);
  }

  /** Replaces an entry by one with another key or kind and the same folder. */
  synchronized void replace(String key, Entry changed) throws SnapshotException {
    Entry old = get(key);
    if (!key.equals(changed.key())) {
      if (entries.containsKey(changed.key())) {
        throw new SnapshotException(Reason.EXISTS, "snapshot " + changed.key() + " already exists");
      }
      requireUnused(old);
      entries.remove(key);
      journal.delete(PREFIX + key);
    }
    store(changed);
  }

  private void store(Entry entry) {
    entries.put(entry.key(), entry);
    journal.put(PREFIX + entry.key(), encode(entry), !entry.folder().isEmpty());
  }

  private void requireUnused(Entry entry) throws SnapshotException {
    if (children.getOrDefault(entry.key(), 0) > 0) {
      throw new SnapshotException(
          Reason.IN_USE, "snapshot " + entry.key() + " has others standing on it");
    }
  }

  /** Removes an entry and its folder. */
  void remove(String key) throws IOException {
    Entry entry;
    synchronized (this) {
      entry = get(key);
      requireUnused(entry);
      entries.remove(key);
      entry.holds().forEach(h -> children.computeIfPresent(h, (k, n) -> n == 1 ? null : n - 1));
      journal.delete(PREFIX + key);
    }
    removeFolder(entry);
  }

  /** The folder is renamed first, so that no record ever names one that is half gone. */
  private void removeFolder(Entry entry) throws IOException {
    if (entry.folder().isEmpty()) {
      return;
    }
    String from = path(entry);
    String to = root + "/" + GONE + entry.folder();
    if (Files.isDirectory(Path.of(from))) {
      NodeCalls.rename(from, to);
      FileTree.remove(to);
    }
  }

  /** The snapshot and what it stands on, lowest first, merged ones replaced by their layers. */
  List<Entry> chain(String key) throws SnapshotException {
    List<Entry> upward = new ArrayList<>();
    Entry at = get(key);
    while (true) {
      if (at.kind() == Kind.MERGED) {
        for (String layer : at.layers().reversed()) {
          upward.add(get(layer));
        }
        return upward.reversed();
      }
      if (at.kind() != Kind.VIEW) {
        upward.add(at);
      }
      if (at.parent() == null) {
        return upward.reversed();
      }
      at = get(at.parent());
    }
  }

  private static byte[] encode(Entry entry) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      out.writeUTF(entry.kind().name());
      out.writeUTF(entry.parent() == null ? "" : entry.parent());
      out.writeUTF(entry.folder());
      out.writeInt(entry.layers().size());
      for (String layer : entry.layers()) {
        out.writeUTF(layer);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static Entry decode(String key, byte[] value) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(value));
    int format = in.readByte();
    if (format != FORMAT) {
      throw new IOException(
          "could not read the record of snapshot " + key + ": unknown format " + format);
    }
    Kind kind = Kind.valueOf(in.readUTF());
    String parent = in.readUTF();
    String folder = in.readUTF();
    List<String> layers = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      layers.add(in.readUTF());
    }
    return new Entry(key, kind, parent.isEmpty() ? null : parent, layers, folder);
  }
}
