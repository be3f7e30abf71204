package dev.kiln.solver.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The daemon's metadata on disk: named families of sorted key-value pairs in one RocksDB database.
 * A write is seen by readers at once; a committed one is safe from a crash when its future
 * completes, and many commits share one sync. Whatever was written before a commit, to whichever
 * family, is safe with it.
 *
 * <p>Thread-safe. Reads and unsynced writes take microseconds and run on the caller's thread; syncs
 * run on a thread of their own.
 */
public final class MetadataDb implements AutoCloseable {
  private static final long CACHE_BYTES = 16L << 20;
  private static final long WRITE_BUFFER_BYTES = 8L << 20;
  private static final int BLOOM_BITS_PER_KEY = 10;
  private static final int MAX_OPEN_FILES = 256;
  private static final long MAX_WAL_BYTES = 64L << 20;

  static {
    RocksDB.loadLibrary();
  }

  private final RocksDB db;
  private final List<AutoCloseable> resources;
  private final Map<String, ColumnFamilyHandle> families = new HashMap<>();
  private final GroupSync sync;
  private final WriteOptions unsynced = new WriteOptions();
  private volatile boolean damaged;
  private volatile boolean repaired;

  private MetadataDb(
      RocksDB db, List<AutoCloseable> resources, List<ColumnFamilyHandle> handles, Path folder)
      throws RocksDBException {
    this.db = db;
    this.resources = resources;
    for (ColumnFamilyHandle handle : handles) {
      families.put(new String(handle.getName(), StandardCharsets.UTF_8), handle);
    }
    this.sync = new GroupSync(() -> db.flushWal(true), "sync " + folder.getFileName());
  }

  /**
   * Loads the native library, unless it is loaded already: a file {@code librocksdbjni-…} on {@code
   * java.library.path}, else the copy in the jar, which has to be unpacked first. Opening does it
   * too.
   */
  public static void loadLibrary() {
    RocksDB.loadLibrary();
  }

  /**
   * Opens the database, and makes it and the families if they are not there. One that turns out to
   * be damaged is replaced by what can be read of it, and the log says what was lost.
   *
   * @param families names of the families that will be used, always in the same order; others that
   *     exist are kept
   * @param check whether every byte is checked first: after a stop that was not clean. In a small
   *     database it always is
   * @throws IOException if the database cannot be used, for one because another process does
   */
  public static MetadataDb open(Path folder, Collection<String> families, boolean check)
      throws IOException {
    return MetadataFolder.open(folder, families, check);
  }

  /** Opens a database that is thought to be intact. */
  static MetadataDb openIntact(Path folder, Collection<String> families) throws RocksDBException {
    List<AutoCloseable> resources = new ArrayList<>();
    try {
      ColumnFamilyOptions familyOptions = familyOptions(resources);
      List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
      for (String name : namesIn(folder, families)) {
        descriptors.add(
            new ColumnFamilyDescriptor(name.getBytes(StandardCharsets.UTF_8), familyOptions));
      }
      DBOptions options =
          new DBOptions()
              .setCreateIfMissing(true)
              .setCreateMissingColumnFamilies(true)
              // The last record may break off. Damage before it is no reason to forget the rest.
              .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords)
              .setMaxOpenFiles(MAX_OPEN_FILES)
              .setSkipStatsUpdateOnDbOpen(true)
              .setMaxTotalWalSize(MAX_WAL_BYTES)
              .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
              .setKeepLogFileNum(2);
      resources.add(options);
      List<ColumnFamilyHandle> handles = new ArrayList<>();
      RocksDB db = RocksDB.open(options, folder.toString(), descriptors, handles);
      return new MetadataDb(db, resources, handles, folder);
    } catch (RocksDBException e) {
      closeAll(resources);
      throw e;
    }
  }

  /** Reads every table and compares its checksums. */
  void verify() throws RocksDBException {
    db.verifyChecksum();
  }

  /** Whether there is a family of that name. */
  boolean has(String family) {
    return families.containsKey(family);
  }

  /** Whether what was read since the start turned out to be damaged; the next start repairs it. */
  public boolean isDamaged() {
    return damaged;
  }

  /** Whether the database was found damaged when it was opened, and replaced. */
  public boolean wasRepaired() {
    return repaired;
  }

  void setRepaired() {
    repaired = true;
  }

  private static ColumnFamilyOptions familyOptions(List<AutoCloseable> resources) {
    Cache cache = new LRUCache(CACHE_BYTES);
    BloomFilter bloom = new BloomFilter(BLOOM_BITS_PER_KEY);
    ColumnFamilyOptions options =
        new ColumnFamilyOptions()
            .setWriteBufferSize(WRITE_BUFFER_BYTES)
            .setTableFormatConfig(
                new BlockBasedTableConfig().setBlockCache(cache).setFilterPolicy(bloom));
    resources.add(options);
    resources.add(cache);
    resources.add(bloom);
    return options;
  }

  private static Set<String> namesIn(Path folder, Collection<String> wanted)
      throws RocksDBException {
    Set<String> names = new LinkedHashSet<>(List.of("default"));
    try (Options options = new Options()) {
      for (byte[] name : RocksDB.listColumnFamilies(options, folder.toString())) {
        names.add(new String(name, StandardCharsets.UTF_8));
      }
    }
    names.addAll(wanted);
    return names;
  }

  private static void closeAll(List<AutoCloseable> resources) {
    for (AutoCloseable resource : resources) {
      try {
        resource.close();
      } catch (Exception e) {
        throw new IllegalStateException("could not free a native resource", e);
      }
    }
  }

  private ColumnFamilyHandle family(String name) {
    ColumnFamilyHandle handle = families.get(name);
    if (handle == null) {
      throw new IllegalArgumentException("the metadata database was opened without " + name);
    }
    return handle;
  }

  /** The value of a key; null if there is none. */
  public byte @Nullable [] get(String family, byte[] key) {
    try {
      return db.get(family(family), key);
    } catch (RocksDBException e) {
      throw failure("read", e);
    }
  }

  /** What {@link #scan} calls. */
  @FunctionalInterface
  public interface Visitor {
    /** Takes one pair; gives false to stop. */
    boolean visit(byte[] key, byte[] value);
  }

  /** Visits all pairs whose key starts with the prefix, by rising key. */
  public void scan(String family, byte[] prefix, Visitor visitor) {
    try (ReadOptions options = new ReadOptions();
        RocksIterator it = db.newIterator(family(family), options)) {
      for (it.seek(prefix); it.isValid() && startsWith(it.key(), prefix); it.next()) {
        if (!visitor.visit(it.key(), it.value())) {
          return;
        }
      }
      it.status();
    } catch (RocksDBException e) {
      throw failure("scan", e);
    }
  }

  private static boolean startsWith(byte[] key, byte[] prefix) {
    return key.length >= prefix.length
        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }

  /** Starts a list of changes that will be applied together or not at all. */
  public Batch batch() {
    return new Batch();
  }

  /** Applies changes that a crash may undo, unless a commit follows. */
  public void apply(Batch batch) {
    try (batch) {
      db.write(unsynced, batch.changes);
    } catch (RocksDBException e) {
      throw failure("write to", e);
    }
  }

  /** Applies changes at once; they are safe from a crash when the future completes. */
  public CompletableFuture<Void> commit(Batch batch) {
    apply(batch);
    return sync.afterWrite();
  }

  /** Completes when all that was committed before is safe; at once if it is already. */
  public CompletableFuture<Void> barrier() {
    return sync.barrier();
  }

  private IllegalStateException failure(String verb, RocksDBException e) {
    String advice = "";
    if (MetadataFolder.isDamage(e)) {
      damaged = true;
      advice = "; restart the daemon, which repairs it";
    }
    return new IllegalStateException(
        "could not " + verb + " the metadata database: " + e.getMessage() + advice, e);
  }

  /** Makes everything safe and closes the database. */
  @Override
  public void close() {
    sync.close();
    families.values().forEach(ColumnFamilyHandle::close);
    unsynced.close();
    try {
      db.closeE();
    } catch (RocksDBException e) {
      throw failure("close", e);
    } finally {
      closeAll(resources);
    }
  }

  /** Changes; used by one thread, and once. */
  public final class Batch implements AutoCloseable {
    private final WriteBatch changes = new WriteBatch();

    private Batch() {}

    /** Sets a value. */
    public Batch put(String family, byte[] key, byte[] value) {
      try {
        changes.put(family(family), key, value);
        return this;
      } catch (RocksDBException e) {
        throw failure("write to", e);
      }
    }

    /** Removes a key, if it is there. */
    public Batch delete(String family, byte[] key) {
      try {
        changes.delete(family(family), key);
        return this;
      } catch (RocksDBException e) {
        throw failure("write to", e);
      }
    }

    /** Whether there is nothing to do. */
    public boolean isEmpty() {
      return changes.count() == 0;
    }

    /** Frees the memory of a batch that is not applied. */
    @Override
    public void close() {
      changes.close();
    }
  }
}
