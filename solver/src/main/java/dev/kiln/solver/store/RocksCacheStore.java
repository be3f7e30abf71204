package dev.kiln.solver.store;

import dev.kiln.solver.store.CacheStore.Change.AddLink;
import dev.kiln.solver.store.CacheStore.Change.AddResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A cache store in the family {@value #FAMILY} of the metadata database. Thread-safe.
 *
 * <p>Format, version 1. A key is a letter and texts, each text followed by a zero byte but for the
 * last; texts are UTF-8 without zero bytes. Values are empty where none is named.
 *
 * <ul>
 *   <li>{@code v}: the version as decimal text
 *   <li>{@code r key result}: a result of a key; the value is its time, 8 bytes of seconds since
 *       1970 and 4 of nanoseconds, big endian
 *   <li>{@code i result key}: the same from the other side
 *   <li>{@code l key input record selector target}: a link; the input's index is decimal text
 *   <li>{@code b target key input record selector}: the same from the other side
 * </ul>
 */
public final class RocksCacheStore implements CacheStore {
  /** The family that must be named when the database is opened. */
  public static final String FAMILY = "cache";

  private static final String VERSION = "1";
  private static final byte[] NOTHING = new byte[0];

  private final MetadataDb db;

  /** Writers share it; cleaning up needs it alone, for it looks before it deletes. */
  private final ReadWriteLock lock = new ReentrantReadWriteLock();

  /**
   * Uses the family of an open database, which stays the caller's.
   *
   * @throws IOException if the family was written by another version
   */
  public RocksCacheStore(MetadataDb db) throws IOException {
    this.db = db;
    byte[] version = db.get(FAMILY, bytes("v"));
    if (version == null) {
      db.apply(db.batch().put(FAMILY, bytes("v"), bytes(VERSION)));
    } else if (!text(version).equals(VERSION)) {
      throw new IOException(
          "could not use the cache records: they have format "
              + text(version)
              + ", this daemon knows "
              + VERSION
              + "; start the daemon that wrote them, or remove them");
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static String key(char kind, String... parts) {
    for (String part : parts) {
      if (part.indexOf('\0') >= 0) {
        throw new IllegalArgumentException("could not store a text with a zero byte: " + part);
      }
    }
    return kind + String.join("\0", parts);
  }

  private static String prefix(char kind, String... parts) {
    return key(kind, parts) + '\0';
  }

  private static String[] linkParts(String key, KeyLink link) {
    return new String[] {key, Integer.toString(link.input()), link.record(), link.selector()};
  }

  private static String linkKey(String key, KeyLink link, String target) {
    return prefix('l', linkParts(key, link)) + target;
  }

  private static String backlinkKey(String key, KeyLink link, String target) {
    return prefix('b', target) + key('x', linkParts(key, link)).substring(1);
  }

  /** The texts of all keys with a prefix, without the letter. */
  private List<String[]> parts(String prefix) {
    List<String[]> out = new ArrayList<>();
    db.scan(FAMILY, bytes(prefix), (key, value) -> out.add(text(key).substring(1).split("\0", -1)));
    return out;
  }

  private boolean has(String prefix) {
    boolean[] found = new boolean[1];
    db.scan(
        FAMILY,
        bytes(prefix),
        (key, value) -> {
          found[0] = true;
          return false;
        });
    return found[0];
  }

  @Override
  public boolean exists(String key) {
    return has(prefix('r', key)) || has(prefix('l', key));
  }

  @Override
  public List<StoredResult> results(String key) {
    List<StoredResult> out = new ArrayList<>();
    String prefix = prefix('r', key);
    db.scan(
        FAMILY,
        bytes(prefix),
        (k, value) -> {
          ByteBuffer time = ByteBuffer.wrap(value);
          Instant createdAt = Instant.ofEpochSecond(time.getLong(), time.getInt());
          return out.add(new StoredResult(text(k).substring(prefix.length()), createdAt));
        });
    return out;
  }

  @Override
  public List<String> targets(String key, KeyLink link) {
    return parts(prefix('l', linkParts(key, link))).stream().map(p -> p[4]).toList();
  }

  @Override
  public boolean hasLink(String key, KeyLink link, String target) {
    return db.get(FAMILY, bytes(linkKey(key, link, target))) != null;
  }

  @Override
  public List<Backlink> backlinks(String key) {
    return parts(prefix('b', key)).stream()
        .map(p -> new Backlink(p[1], new KeyLink(Integer.parseInt(p[2]), p[3], p[4])))
        .toList();
  }

  @Override
  public List<String> keysOf(String resultId) {
    return parts(prefix('i', resultId)).stream().map(p -> p[1]).toList();
  }

  @Override
  public void forEachKey(Consumer<String> action) {
    forEachFirst("r", action);
    forEachFirst(
        "l",
        key -> {
          if (!has(prefix('r', key))) {
            action.accept(key);
          }
        });
  }

  @Override
  public void forEachResult(Consumer<String> action) {
    forEachFirst("i", action);
  }

  /** Calls back once for each first text under a letter; keys are sorted, so equal ones adjoin. */
  private void forEachFirst(String kind, Consumer<String> action) {
    String[] last = new String[1];
    db.scan(
        FAMILY,
        bytes(kind),
        (k, value) -> {
          String rest = text(k).substring(1);
          String first = rest.substring(0, rest.indexOf('\0'));
          if (!first.equals(last[0])) {
            last[0] = first;
            action.accept(first);
          }
          return true;
        });
  }

  @Override
  public CompletableFuture<Void> commit(List<Change> changes) {
    return changes.isEmpty() ? db.barrier() : writing(() -> db.commit(toBatch(changes)));
  }

  @Override
  public void apply(List<Change> changes) {
    writing(
        () -> {
          db.apply(toBatch(changes));
          return null;
        });
  }

  private <T> T writing(Supplier<T> write) {
    lock.readLock().lock();
    try {
      return write.get();
    } finally {
      lock.readLock().unlock();
    }
  }

  private static byte[] time(Instant at) {
    long seconds = at.getEpochSecond();
    int nanos = at.getNano();
    return ByteBuffer.allocate(Long.BYTES + Integer.BYTES).putLong(seconds).putInt(nanos).array();
  }

  private MetadataDb.Batch toBatch(List<Change> changes) {
    MetadataDb.Batch batch = db.batch();
    for (Change change : changes) {
      switch (change) {
        case AddResult(String key, StoredResult result) -> {
          batch.put(FAMILY, bytes(key('r', key, result.id())), time(result.createdAt()));
          batch.put(FAMILY, bytes(key('i', result.id(), key)), NOTHING);
        }
        case AddLink(String key, KeyLink link, String target) -> {
          batch.put(FAMILY, bytes(linkKey(key, link, target)), NOTHING);
          batch.put(FAMILY, bytes(backlinkKey(key, link, target)), NOTHING);
        }
      }
    }
    return batch;
  }

  @Override
  public void release(String resultId) {
    lock.writeLock().lock();
    try {
      Set<String> deleted = new HashSet<>();
      Deque<String> toCheck = new ArrayDeque<>(keysOf(resultId));
      for (String key : toCheck) {
        deleted.add(key('r', key, resultId));
        deleted.add(key('i', resultId, key));
      }
      while (!toCheck.isEmpty()) {
        String key = toCheck.pop();
        if (!hasLeft(prefix('r', key), deleted) && !hasLeft(prefix('l', key), deleted)) {
          for (Backlink backlink : backlinks(key)) {
            deleted.add(linkKey(backlink.source(), backlink.link(), key));
            if (deleted.add(backlinkKey(backlink.source(), backlink.link(), key))) {
              toCheck.push(backlink.source());
            }
          }
        }
      }
      MetadataDb.Batch batch = db.batch();
      deleted.forEach(k -> batch.delete(FAMILY, bytes(k)));
      db.apply(batch);
    } finally {
      lock.writeLock().unlock();
    }
  }

  private boolean hasLeft(String prefix, Set<String> deleted) {
    boolean[] left = new boolean[1];
    db.scan(
        FAMILY,
        bytes(prefix),
        (key, value) -> {
          left[0] = !deleted.contains(text(key));
          return !left[0];
        });
    return left[0];
  }

  /**
   * Makes both sides of results and links agree after a repair, which can lose one of them: what is
   * known from one side is known from both. Call before anything else uses the store.
   */
  public void restoreIndexes() {
    List<Change> found = new ArrayList<>();
    db.scan(
        FAMILY,
        bytes("r"),
        (k, value) -> {
          String[] p = text(k).substring(1).split("\0", -1);
          ByteBuffer time = ByteBuffer.wrap(value);
          Instant createdAt = Instant.ofEpochSecond(time.getLong(), time.getInt());
          return found.add(new AddResult(p[0], new StoredResult(p[1], createdAt)));
        });
    for (String[] p : parts("i")) {
      if (db.get(FAMILY, bytes(key('r', p[1], p[0]))) == null) {
        found.add(new AddResult(p[1], new StoredResult(p[0], Instant.EPOCH)));
      }
    }
    for (String[] p : parts("l")) {
      found.add(new AddLink(p[0], new KeyLink(Integer.parseInt(p[1]), p[2], p[3]), p[4]));
    }
    for (String[] p : parts("b")) {
      found.add(new AddLink(p[1], new KeyLink(Integer.parseInt(p[2]), p[3], p[4]), p[0]));
    }
    commit(found).join();
  }

  @Override
  public void close() {
    db.barrier().join();
  }
}
