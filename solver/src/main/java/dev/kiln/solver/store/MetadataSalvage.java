package dev.kiln.solver.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;
import org.rocksdb.SstFileReaderIterator;

/**
 * Copies what can be read of a damaged database into a new one: first the tables, then the logs,
 * older files before younger ones. A pair that was removed can come back, and a former value of a
 * pair, if the file that says so is lost; no pair is made up. Used by one thread.
 */
final class MetadataSalvage {
  private static final int PAIRS_A_BATCH = 1000;

  private final Map<Integer, String> families = new HashMap<>();
  private final MetadataDb fresh;
  private final List<String> report = new ArrayList<>();
  private MetadataDb.Batch batch;
  private int batched;
  private long pairs;

  private MetadataSalvage(MetadataDb fresh, Collection<String> families) {
    this.fresh = fresh;
    this.batch = fresh.batch();
    // As they are numbered when a database is made; tables say what they belong to themselves.
    this.families.put(0, "default");
    families.forEach(name -> this.families.putIfAbsent(this.families.size(), name));
  }

  /**
   * Copies.
   *
   * @param families those that the database was made with, in that order
   * @return what was kept and what was not, a line each
   */
  static List<String> run(Path damaged, MetadataDb fresh, Collection<String> families)
      throws IOException {
    MetadataSalvage salvage = new MetadataSalvage(fresh, families);
    for (Path table : files(damaged, ".sst")) {
      salvage.table(table);
    }
    for (Path log : files(damaged, ".log")) {
      salvage.log(log);
    }
    salvage.flush();
    salvage.report.add(salvage.pairs + " changes were kept in all");
    return salvage.report;
  }

  /** RocksDB's numbered files of one kind, older ones first. */
  static List<Path> files(Path folder, String ending) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> file.getFileName().toString().matches("\\d+\\" + ending))
          .sorted(
              Comparator.comparingLong(
                  file -> Long.parseLong(file.getFileName().toString().replace(ending, ""))))
          .toList();
    }
  }

  private void table(Path file) throws IOException {
    String name = String.valueOf(file.getFileName());
    long before = pairs;
    try (Options options = new Options();
        SstFileReader reader = new SstFileReader(options)) {
      reader.open(file.toString());
      var properties = reader.getTableProperties();
      String family = new String(properties.getColumnFamilyName(), StandardCharsets.UTF_8);
      families.put((int) properties.getColumnFamilyId(), family);
      if (!fresh.has(family)) {
        report.add("table " + name + " was left out: nobody knows its family " + family);
        return;
      }
      String damage = pairs(reader, family);
      if (damage != null) {
        report.add(
            "table %s of %s: %d of %d pairs were kept; the others are lost: %s"
                .formatted(name, family, pairs - before, properties.getNumEntries(), damage));
      }
    } catch (RocksDBException e) {
      report.add("table " + name + " is lost: " + e.getMessage());
    }
  }

  /** From both ends to the first place that is damaged; null if there is none. */
  private @Nullable String pairs(SstFileReader reader, String family) throws IOException {
    String damage;
    byte[] last = null;
    try (ReadOptions options = new ReadOptions().setVerifyChecksums(true);
        SstFileReaderIterator it = reader.newIterator(options)) {
      for (it.seekToFirst(); it.isValid(); it.next()) {
        last = it.key();
        put(family, last, it.value());
      }
      damage = status(it);
    }
    if (damage == null) {
      return null;
    }
    try (ReadOptions options = new ReadOptions().setVerifyChecksums(true);
        SstFileReaderIterator it = reader.newIterator(options)) {
      for (it.seekToLast(); it.isValid(); it.prev()) {
        byte[] key = it.key();
        if (last != null && Arrays.compareUnsigned(key, last) <= 0) {
          break;
        }
        put(family, key, it.value());
      }
    }
    return damage;
  }

  private static @Nullable String status(SstFileReaderIterator it) {
    try {
      it.status();
      return null;
    } catch (RocksDBException e) {
      return e.getMessage();
    }
  }

  private void log(Path file) throws IOException {
    try {
      int damaged =
          WalReader.read(
              file,
              (number, key, value) -> {
                String family = families.get(number);
                if (family == null || !fresh.has(family)) {
                  return;
                }
                if (value == null) {
                  batch.delete(family, key);
                  counted();
                } else {
                  put(family, key, value);
                }
              });
      if (damaged > 0) {
        report.add("log " + file.getFileName() + ": lost changes at " + damaged + " places");
      }
    } catch (IOException e) {
      report.add("the rest of log " + file.getFileName() + " is lost: " + e.getMessage());
    }
  }

  private void put(String family, byte[] key, byte[] value) {
    batch.put(family, key, value);
    counted();
  }

  private void counted() {
    pairs++;
    batched++;
    if (batched == PAIRS_A_BATCH) {
      fresh.apply(batch);
      batch = fresh.batch();
      batched = 0;
    }
  }

  private void flush() {
    fresh.commit(batch).join();
  }
}
