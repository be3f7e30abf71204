package dev.kiln.daemon.state;

import dev.kiln.snapshotter.snapshot.RecordStore;
import dev.kiln.solver.store.CacheStore;
import dev.kiln.solver.store.MetadataDb;
import dev.kiln.solver.store.RocksCacheStore;
import dev.kiln.solver.why.StepJournal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The database in the state folder and the views that the parts have of it: records of refs,
 * snapshots and builds on the one hand, cache keys on the other. They share one log, so a cache key
 * is never on disk before the ref that it names. Thread-safe.
 */
public final class Metadata implements AutoCloseable {
  private static final String RECORDS = "records";

  private final MetadataDb db;
  private final RecordStore records;
  private final CacheStore cache;
  private final StepJournal steps;

  private Metadata(MetadataDb db) throws IOException {
    this.db = db;
    this.records = new FamilyRecords(db, RECORDS);
    RocksCacheStore keys = new RocksCacheStore(db);
    if (db.wasRepaired()) {
      keys.restoreIndexes();
    }
    this.cache = keys;
    this.steps = new StepJournal(db);
  }

  /**
   * Starts to load the native library on a thread of its own; it takes about as long as the rest of
   * a daemon's start. A failure shows when the database is opened.
   */
  public static void prepare() {
    Thread.ofPlatform().daemon().name("kiln-native").start(MetadataDb::loadLibrary);
  }

  /**
   * Opens the database in {@code metadata/} of the state folder, and makes it if it is not there. A
   * damaged one is repaired.
   *
   * @param trusted whether it was closed in order; if not, all of it is checked
   * @throws IOException if it is in use, or was written in a format that is not known
   */
  public static Metadata open(Path root, boolean trusted) throws IOException {
    List<String> families = List.of(RECORDS, RocksCacheStore.FAMILY, StepJournal.FAMILY);
    Path folder = root.resolve("metadata");
    MetadataDb db = MetadataDb.open(folder, families, !trusted);
    if (trusted && !isReadable(db)) {
      db.close();
      db = MetadataDb.open(folder, families, true);
    }
    try {
      return new Metadata(db);
    } catch (IOException | RuntimeException e) {
      db.close();
      throw e;
    }
  }

  /** Whether all records can be read; they will be, in a moment, and the cache keys one by one. */
  private static boolean isReadable(MetadataDb db) {
    try {
      db.scan(RECORDS, new byte[0], (key, value) -> true);
      return true;
    } catch (IllegalStateException e) {
      if (db.isDamaged()) {
        return false;
      }
      throw e;
    }
  }

  /** Whether it was found damaged when it was opened, and holds what could be read. */
  public boolean wasRepaired() {
    return db.wasRepaired();
  }

  /** Whether damage was found since; the next start repairs it if it checks. */
  public boolean isDamaged() {
    return db.isDamaged();
  }

  /** Records of refs, snapshots and builds; closing them does nothing. */
  public RecordStore records() {
    return records;
  }

  /** Cache keys; closing them waits for what is being written. */
  public CacheStore cache() {
    return cache;
  }

  /** What steps that ran were made of. */
  public StepJournal steps() {
    return steps;
  }

  /** Makes everything safe and closes the database. */
  @Override
  public void close() {
    cache.close();
    db.close();
  }
}
