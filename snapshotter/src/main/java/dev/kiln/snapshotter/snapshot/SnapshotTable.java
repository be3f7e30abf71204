package dev.kiln.snapshotter.snapshot;

import dev.kiln.snapshotter.linux.DirectoryEntries;
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
import java.nio.file.LinkOption;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What both snapshotters share: the table of snapshots in memory, its records, and one numbered
 * folder for each snapshot with data ({@code <root>/<number>}). Thread-safe.
 */
final class SnapshotTable {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotTable.class);
  private static final String PREFIX = "snapshot/";
  private static final String GONE = "gone-";
  private static final int FORMAT = 1;

  /** As a power of two: no store makes more snapshots than this for years. */
  private static final int FOLDERS_A_SECOND = 4;

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

  /** Reads the records. */
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
    // A name is never used again, not even if the records that name it are lost.
    table.nextFolder.set(Math.max(last, (System.currentTimeMillis() / 1000) << FOLDERS_A_SECOND));
    table.countChildren();
    return table;
  }

  private synchronized void countChildren() {
    children.clear();
    entries.values().forEach(e -> e.holds().forEach(h -> children.merge(h, 1, Integer::sum)));
  }

  /**
   * Takes folders without record and records without folder (with all that stand on them) out of
   * the way.
   *
   * @param trusted whether the table was closed in order, so that nothing but unfinished removals
   *     can be left
   * @return folders that are to be removed; nobody else knows their names
   */
  List<String> reconcile(boolean trusted) throws IOException {
    List<String> gone = new ArrayList<>();
    List<String> folders = DirectoryEntries.sorted(root.toString());
    if (!trusted) {
      Set<String> there = new HashSet<>(folders);
      dropTwins();
      boolean dropped = true;
      while (dropped) {
        dropped = false;
        for (Entry entry : List.copyOf(entries.values())) {
          if (!entries.keySet().containsAll(entry.holds()) || !isWhole(entry, there)) {
            LOG.warn("dropped snapshot {}: its files are lost", entry.key());
            forget(entry);
            dropped = true;
          }
        }
      }
      countChildren();
    }
    Set<String> known = new HashSet<>();
    entries.values().forEach(e -> known.add(e.folder()));
    for (String name : folders) {
      if (name.startsWith(GONE)) {
        gone.add(root + "/" + name);
      } else if (!trusted && !known.contains(name)) {
        NodeCalls.rename(root + "/" + name, root + "/" + GONE + name);
        gone.add(root + "/" + GONE + name);
      }
    }
    return gone;
  }

  private boolean isWhole(Entry entry, Set<String> there) {
    return entry.folder().isEmpty()
        || (there.contains(entry.folder())
            && Files.isDirectory(root.resolve(entry.folder()).resolve("fs")));
  }

  /**
   * A repaired database can know a tree in two states. A tree with a folder for work is written to;
   * else the unchanging state is the younger one.
   */
  private void dropTwins() {
    Map<String, Entry> byFolder = new HashMap<>();
    for (Entry entry : List.copyOf(entries.values())) {
      Entry twin = entry.folder().isEmpty() ? null : byFolder.put(entry.folder(), entry);
      if (twin == null) {
        continue;
      }
      boolean written = Files.exists(root.resolve(entry.folder()).resolve("work"));
      boolean younger = (entry.kind() == Kind.ACTIVE) == written;
      Entry older = younger ? twin : entry;
      LOG.warn("dropped snapshot {}: its files belong to another one by now", older.key());
      byFolder.put(entry.folder(), younger ? entry : twin);
      forget(older);
    }
  }

  private void forget(Entry entry) {
    entries.remove(entry.key());
    journal.delete(PREFIX + entry.key());
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
    while (true) {
      String name = Long.toString(nextFolder.incrementAndGet(), 36);
      if (!Files.exists(root.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
        NodeCalls.makeDirectory(root + "/" + name, 0700);
        return name;
      }
    }
  }

  /** A new path for something that is in the way until it is removed; nothing is there. */
  String newGonePath() {
    return root + "/" + GONE + Long.toString(nextFolder.incrementAndGet(), 36);
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

  /**
   * Removes an entry.
   *
   * @return its folder, which nobody knows any more and which is to be removed; null if it had none
   */
  @Nullable String remove(String key) throws IOException {
    Entry entry;
    synchronized (this) {
      entry = get(key);
      requireUnused(entry);
      entries.remove(key);
      entry.holds().forEach(h -> children.computeIfPresent(h, (k, n) -> n == 1 ? null : n - 1));
      journal.delete(PREFIX + key);
    }
    // The folder is renamed first, so that no record ever names one that is half gone.
    if (entry.folder().isEmpty() || !Files.isDirectory(Path.of(path(entry)))) {
      return null;
    }
    String gone = root + "/" + GONE + entry.folder();
    NodeCalls.rename(path(entry), gone);
    return gone;
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
