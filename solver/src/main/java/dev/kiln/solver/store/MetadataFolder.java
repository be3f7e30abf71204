package dev.kiln.solver.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of the database, and its repair: what can be read is copied to a new database beside
 * it, which then takes its place. A crash in between leaves either the one or the other.
 */
final class MetadataFolder {
  private static final Logger LOG = LoggerFactory.getLogger(MetadataFolder.class);

  /** Read and compared in some ten milliseconds. */
  private static final long QUICK_CHECK_BYTES = 16L << 20;

  private final Path folder;
  private final Path fresh;
  private final Path damaged;
  private final Collection<String> families;

  private MetadataFolder(Path folder, Collection<String> families) {
    this.folder = folder;
    this.fresh = folder.resolveSibling(folder.getFileName() + ".repaired");
    this.damaged = folder.resolveSibling(folder.getFileName() + ".damaged");
    this.families = families;
  }

  /** Opens the database, repaired if need be. */
  static MetadataDb open(Path folder, Collection<String> families, boolean check)
      throws IOException {
    MetadataFolder place = new MetadataFolder(folder, families);
    place.endFormerRepair();
    try {
      return place.intact(check);
    } catch (RocksDBException e) {
      if (!isDamage(e)) {
        throw new IOException(
            "could not open the metadata database "
                + folder
                + ": "
                + e.getMessage()
                + "; make sure that no other daemon uses it and that its disk is not full",
            e);
      }
      LOG.error("the metadata database {} is damaged: {}", folder, e.getMessage());
      return place.repaired();
    }
  }

  private MetadataDb intact(boolean check) throws IOException, RocksDBException {
    Files.createDirectories(folder);
    if (!Files.exists(folder.resolve("CURRENT")) && hasData()) {
      // RocksDB would take it for a new database and remove what is there.
      throw new RocksDBException(
          new Status(Status.Code.Corruption, Status.SubCode.None, "the file CURRENT is missing"));
    }
    // Asked before it is open, since an open database removes tables that it has merged.
    boolean checked = check || isQuicklyChecked();
    MetadataDb db = MetadataDb.openIntact(folder, families);
    try {
      if (checked) {
        db.verify();
      }
      return db;
    } catch (RocksDBException e) {
      db.close();
      throw e;
    }
  }

  /** Bad bytes are better found now than by a build, as long as nobody notices the time. */
  private boolean isQuicklyChecked() throws IOException {
    long bytes = 0;
    for (Path table : MetadataSalvage.files(folder, ".sst")) {
      bytes += Files.size(table);
    }
    return bytes <= QUICK_CHECK_BYTES;
  }

  private boolean hasData() throws IOException {
    return !MetadataSalvage.files(folder, ".sst").isEmpty()
        || !MetadataSalvage.files(folder, ".log").isEmpty();
  }

  /** Whether a repair helps: bytes are wrong, or files are missing. */
  static boolean isDamage(RocksDBException e) {
    Status status = e.getStatus();
    return status != null
        && switch (status.getCode()) {
          case Corruption, NotFound, InvalidArgument -> true;
          case IOError -> String.valueOf(e.getMessage()).contains("No such file");
          default -> false;
        };
  }

  private MetadataDb repaired() throws IOException {
    List<String> report;
    try {
      Files.createDirectories(fresh);
      try (MetadataDb copy = MetadataDb.openIntact(fresh, families)) {
        report = MetadataSalvage.run(folder, copy, families);
      }
    } catch (RocksDBException e) {
      throw new IOException("could not make a new database in " + fresh + ": " + e.getMessage(), e);
    }
    Files.move(folder, damaged, StandardCopyOption.ATOMIC_MOVE);
    Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
    sync(folder.resolveSibling("."));
    remove(damaged);
    report.forEach(line -> LOG.warn("repair of {}: {}", folder, line));
    try {
      MetadataDb db = intact(false);
      db.setRepaired();
      return db;
    } catch (RocksDBException e) {
      throw new IOException("could not open the repaired database " + folder, e);
    }
  }

  /** The new database takes its place if it was complete, else the repair begins anew. */
  private void endFormerRepair() throws IOException {
    if (!Files.exists(folder) && Files.exists(damaged)) {
      Files.move(Files.exists(fresh) ? fresh : damaged, folder, StandardCopyOption.ATOMIC_MOVE);
    }
    remove(fresh);
    if (Files.exists(folder)) {
      remove(damaged);
    }
  }

  private static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void remove(Path tree) throws IOException {
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    } catch (NoSuchFileException e) {
      // Nothing there.
    }
  }
}
