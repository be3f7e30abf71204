package dev.kiln.solver.why;

import dev.kiln.solver.store.MetadataDb;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What steps that ran were made of, in the family {@value #FAMILY} of the metadata database, within
 * limits: {@value #MAX_RECORDS} records in {@value #MAX_RECORD_BYTES} bytes, and {@value
 * #MAX_LISTING_BYTES} bytes of listings of folders. What was written longest ago makes room. A
 * crash may lose the latest: only explanations suffer. Thread-safe.
 *
 * <p>Format: the key {@code v} holds the version, 1; a family of another version is not used. Three
 * {@link BoundedTable}s: {@code r}, records by the first 16 bytes of their name's digest; {@code
 * b}, buckets, each with the names of the records that were put into it last, the latest first;
 * {@code f}, listings of folders by the first 16 bytes of the folder's digest, or of the content
 * key that they make.
 */
public final class StepJournal {
  /** The family that must be named when the database is opened. */
  public static final String FAMILY = "steps";

  /** Files of one folder that are kept; a larger one is told as a whole. */
  static final int MAX_FILES = 16_384;

  static final long MAX_RECORDS = 20_000;
  static final long MAX_RECORD_BYTES = 64L << 20;
  static final long MAX_LISTING_BYTES = 64L << 20;

  /** Records that a bucket holds. */
  private static final int BUCKET_RECORDS = 6;

  private static final int NAME_BYTES = 16;
  private static final byte[] VERSION_KEY = {'v'};
  private static final byte[] VERSION = {'1'};
  private static final Logger log = LoggerFactory.getLogger(StepJournal.class);

  private final MetadataDb db;
  private final ReentrantLock lock = new ReentrantLock();
  private final BoundedTable records;
  private final BoundedTable buckets;
  private final BoundedTable listings;
  private final boolean usable;

  /** Uses the family of an open database, which stays the caller's. */
  public StepJournal(MetadataDb db) {
    this(db, MAX_RECORDS, MAX_LISTING_BYTES);
  }

  StepJournal(MetadataDb db, long maxRecords, long maxListingBytes) {
    this.db = db;
    this.records = new BoundedTable(db, FAMILY, 'r', maxRecords, MAX_RECORD_BYTES);
    this.buckets = new BoundedTable(db, FAMILY, 'b', 4 * maxRecords, Long.MAX_VALUE);
    this.listings = new BoundedTable(db, FAMILY, 'f', Long.MAX_VALUE, maxListingBytes);
    byte[] version = db.get(FAMILY, VERSION_KEY);
    this.usable = version == null || Arrays.equals(version, VERSION);
    if (version == null) {
      db.apply(db.batch().put(FAMILY, VERSION_KEY, VERSION));
    } else if (!usable) {
      log.warn("the records of steps have an unknown format; why steps run cannot be told");
    }
  }

  private static byte[] name(String digest) {
    return Arrays.copyOf(
        HexFormat.of().parseHex(digest.substring(digest.indexOf(':') + 1)), NAME_BYTES);
  }

  /** The records of the first bucket if there are any, else those of the others, once each. */
  List<Found> find(Step step) {
    if (!usable) {
      return List.of();
    }
    lock.lock();
    try {
      Map<String, Found> found = new LinkedHashMap<>();
      List<String> names = step.buckets();
      for (int i = 0; i < names.size(); i++) {
        if (i == 1 && !found.isEmpty()) {
          break;
        }
        byte[] bucket = buckets.get(name(names.get(i)));
        for (int at = 0; bucket != null && at + NAME_BYTES <= bucket.length; at += NAME_BYTES) {
          add(found, Arrays.copyOfRange(bucket, at, at + NAME_BYTES), i);
        }
      }
      return new ArrayList<>(found.values());
    } finally {
      lock.unlock();
    }
  }

  /**
   * A record that may be like a step.
   *
   * @param bucket index of the bucket where it was found first
   */
  record Found(StepRecord record, int bucket) {}

  private void add(Map<String, Found> found, byte[] name, int bucket) {
    String key = HexFormat.of().formatHex(name);
    byte[] bytes = found.containsKey(key) ? null : records.get(name);
    if (bytes != null) {
      try {
        found.put(key, new Found(StepRecord.fromBytes(bytes), bucket));
      } catch (IOException e) {
        log.warn("a record of a step is left out: {}", e.getMessage());
      }
    }
  }

  /** Whether the listing of a folder is kept. */
  boolean hasListing(String digest) {
    lock.lock();
    try {
      return !usable || listings.has(name(digest));
    } finally {
      lock.unlock();
    }
  }

  /** What is in the folder, or what made the content key, of that digest; null if not kept. */
  @Nullable Listing listing(String digest) {
    lock.lock();
    try {
      byte[] bytes = usable ? listings.get(name(digest)) : null;
      return bytes == null ? null : Listing.fromBytes(bytes);
    } catch (IOException e) {
      log.warn("a listing of a folder is left out: {}", e.getMessage());
      return null;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Keeps a record.
   *
   * @param files listings by digest
   */
  void add(Step step, StepRecord record, Map<String, Listing> files) {
    if (!usable) {
      return;
    }
    lock.lock();
    try {
      MetadataDb.Batch batch = db.batch();
      byte[] name = name(step.record());
      records.put(batch, name, record.toBytes());
      for (String bucket : step.buckets()) {
        byte[] key = name(bucket);
        byte[] old = buckets.get(key);
        if (old == null || !Arrays.equals(old, 0, NAME_BYTES, name, 0, NAME_BYTES)) {
          buckets.put(batch, key, withFirst(name, old));
        }
      }
      files.forEach((digest, list) -> listings.put(batch, name(digest), list.toBytes()));
      records.end(batch);
      buckets.end(batch);
      listings.end(batch);
      db.apply(batch);
    } finally {
      lock.unlock();
    }
  }

  private static byte[] withFirst(byte[] name, byte @Nullable [] bucket) {
    StringBuilder out = new StringBuilder(text(name));
    byte[] old = bucket == null ? new byte[0] : bucket;
    for (int at = 0; at + NAME_BYTES <= old.length; at += NAME_BYTES) {
      byte[] each = Arrays.copyOfRange(old, at, at + NAME_BYTES);
      if (!Arrays.equals(each, name) && out.length() < BUCKET_RECORDS * NAME_BYTES) {
        out.append(text(each));
      }
    }
    return out.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
