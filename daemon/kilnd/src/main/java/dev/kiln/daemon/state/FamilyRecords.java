package dev.kiln.daemon.state;

import dev.kiln.snapshotter.snapshot.RecordStore;
import dev.kiln.solver.store.MetadataDb;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** One family of the database as a store of records. Thread-safe. */
final class FamilyRecords implements RecordStore {
  private final MetadataDb db;
  private final String family;

  FamilyRecords(MetadataDb db, String family) {
    this.db = db;
    this.family = family;
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    return db.get(family, key);
  }

  @Override
  public void scan(byte[] prefix, Visitor visitor) throws IOException {
    IOException[] failure = new IOException[1];
    db.scan(
        family,
        prefix,
        (key, value) -> {
          try {
            visitor.visit(key, value);
            return true;
          } catch (IOException e) {
            failure[0] = e;
            return false;
          }
        });
    if (failure[0] != null) {
      throw failure[0];
    }
  }

  @Override
  public void apply(List<Change> changes) throws IOException {
    MetadataDb.Batch batch = db.batch();
    for (Change change : changes) {
      byte[] value = change.value();
      if (value == null) {
        batch.delete(family, change.key());
      } else {
        batch.put(family, change.key(), value);
      }
    }
    try {
      db.commit(batch).join();
    } catch (CompletionException e) {
      throw new IOException("could not write records: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {}
}
