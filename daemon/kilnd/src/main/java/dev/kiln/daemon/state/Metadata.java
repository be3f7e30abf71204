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
    this.cache = new RocksCacheStore(db);
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
   * Opens the database in {@code metadata/} of the state folder, and makes it if it is not there.
   *
   * @throws IOException if it is damaged, in use, or was written in a format that is not known
   */
  public static Metadata open(Path root) throws IOException {
    MetadataDb db =
        MetadataDb.open(
            root.resolve("metadata"), List.of(RECORDS, RocksCacheStore.FAMILY, StepJournal.FAMILY), true);
    try {
      return new Metadata(db);
    } catch (IOException | RuntimeException e) {
      db.close();
      throw e;
    }
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
