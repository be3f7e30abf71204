package dev.kiln.bench;

import dev.kiln.solver.store.CacheStore.Change;
import dev.kiln.solver.store.KeyLink;
import dev.kiln.solver.store.MetadataDb;
import dev.kiln.solver.store.RocksCacheStore;
import dev.kiln.solver.store.StoredResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;

/** The store of cache records by itself, filled as builds fill it. */
final class StoreCases {
  private static final int RECORDS = 1_000_000;
  private static final int BATCH = 1000;
  private static final int LOOKUPS = 20_000;

  /** Families of a daemon's database; only the cache is filled. */
  private static final List<String> FAMILIES = List.of("records", RocksCacheStore.FAMILY, "steps");

  /** Steps that stand on one base. */
  private static final int CHAIN = 50;

  private final Path folder;

  StoreCases(Path folder) {
    this.folder = folder;
  }

  /** Fills a store, opens it anew and looks into it; the figures, one a line. */
  String run() throws IOException {
    long filled = System.nanoTime();
    try (MetadataDb db = MetadataDb.open(folder, FAMILIES, false)) {
      fill(new RocksCacheStore(db));
    }
    long checking = System.nanoTime();
    MetadataDb.open(folder, FAMILIES, true).close();
    long opening = System.nanoTime();
    try (MetadataDb db = MetadataDb.open(folder, FAMILIES, false)) {
      RocksCacheStore store = new RocksCacheStore(db);
      store.exists(key(0));
      long open = System.nanoTime() - opening;
      long[] nanos = lookUp(store);
      return String.format(
          Locale.ROOT,
          "Store of %,d cache records: filled in %.0f s, opened in %.2f s (%.2f s after a crash),"
              + " look-up %.3f ms in the middle, %.3f ms for 99 of 100, %.3f ms at most",
          RECORDS,
          (checking - filled) / 1e9,
          open / 1e9,
          (opening - checking) / 1e9,
          nanos[LOOKUPS / 2] / 1e6,
          nanos[LOOKUPS / 100 * 99] / 1e6,
          nanos[LOOKUPS - 1] / 1e6);
    }
  }

  private static void fill(RocksCacheStore store) {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < RECORDS; i++) {
      changes.add(
          new Change.AddResult(key(i), new StoredResult("result" + i, Instant.ofEpochSecond(i))));
      if (i % CHAIN > 0) {
        changes.add(new Change.AddLink(key(i - 1), link(i), key(i)));
      }
      if (changes.size() >= BATCH) {
        store.apply(changes);
        changes.clear();
      }
    }
    store.commit(changes).join();
  }

  /** What a solver asks for one cached step: where a key leads, and the results there; sorted. */
  private static long[] lookUp(RocksCacheStore store) {
    Random random = new Random(1);
    long[] nanos = new long[LOOKUPS];
    for (int n = 0; n < LOOKUPS; n++) {
      int i = random.nextInt(RECORDS / CHAIN) * CHAIN + 1 + random.nextInt(CHAIN - 1);
      long start = System.nanoTime();
      List<String> targets = store.targets(key(i - 1), link(i));
      if (targets.size() != 1 || store.results(targets.getFirst()).size() != 1) {
        throw new IllegalStateException("record " + i + " was not found");
      }
      nanos[n] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    return nanos;
  }

  private static String key(int i) {
    return i % CHAIN == 0 ? digest("source", i) : new UUID(mix(i), mix(~i)).toString();
  }

  private static KeyLink link(int i) {
    return new KeyLink(0, digest("step", i), "");
  }

  /** Looks like a digest; what it is made of does not matter. */
  private static String digest(String kind, int i) {
    Random random = new Random(mix(i) + kind.hashCode());
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    return "sha256:" + HexFormat.of().formatHex(bytes);
  }

  private static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    return mixed ^ (mixed >>> 27);
  }
}
