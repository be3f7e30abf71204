package dev.kiln.solver.cache;

import dev.kiln.solver.CacheKey;
import dev.kiln.solver.CacheKey.Link;
import dev.kiln.solver.CacheKey.Stored;
import dev.kiln.solver.CacheSource;
import dev.kiln.solver.OpContext;
import dev.kiln.solver.Result;
import dev.kiln.solver.Sha256;
import dev.kiln.solver.store.KeyLink;
import dev.kiln.solver.store.KeyReader;
import dev.kiln.solver.store.StoredResult;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one vertex sees of caches: the local one and the imported ones of the builds that want it
 * (cache-keys.md, section 1.4). Immutable; thread-safe.
 */
public final class CacheView {
  private final LocalCache local;
  private final List<CacheSource> imports;
  private final Map<String, KeyReader> readers = new LinkedHashMap<>();
  private final Map<String, KeyFinder> finders = new LinkedHashMap<>();

  /** Makes the view. */
  public CacheView(LocalCache local, List<CacheSource> imports) {
    this.local = local;
    this.imports = List.copyOf(imports);
    readers.put(LocalCache.ID, local.store);
    finders.put(LocalCache.ID, local.finder);
    for (CacheSource source : this.imports) {
      readers.put(source.id(), source);
      finders.put(source.id(), new KeyFinder(source.id(), source));
    }
  }

  /** The cache that is written to. */
  public LocalCache local() {
    return local;
  }

  /**
   * A key that a look-up found.
   *
   * @param id tells matches apart
   * @param caches the caches that know it, with its id in each
   */
  public record Match(String id, Map<String, String> caches) {}

  /**
   * Looks for keys of output {@code record} that stand on one of these alternatives of one input.
   * What one alternative leads to, all of them do from now on.
   */
  public Collection<Match> query(List<Link> alternatives, int input, String record) {
    Map<String, Match> matches = new LinkedHashMap<>();
    readers.forEach(
        (cache, reader) -> {
          List<String> found = new ArrayList<>();
          for (Link alternative : alternatives) {
            String id =
                finders.get(cache) == null ? null : finders.get(cache).find(alternative.key());
            if (id != null) {
              KeyLink link = new KeyLink(input, record, alternative.selector());
              found.addAll(reader.targets(id, link));
            }
          }
          found.forEach(id -> add(matches, cache, id));
          if (cache.equals(LocalCache.ID) && !found.isEmpty() && alternatives.size() > 1) {
            local.learn(alternatives, input, record, found);
          }
        });
    return matches.values();
  }

  /** Looks for the key of an output that stands on no input. */
  public Collection<Match> queryLeaf(String digest, int output) {
    Map<String, Match> matches = new LinkedHashMap<>();
    String id = Sha256.record(digest, output);
    readers.forEach(
        (cache, reader) -> {
          if (!digest.startsWith("random:") && reader.exists(id)) {
            add(matches, cache, id);
          }
        });
    return matches.values();
  }

  private static void add(Map<String, Match> matches, String cache, String id) {
    matches.computeIfAbsent(id, i -> new Match(i, new LinkedHashMap<>())).caches().put(cache, id);
  }

  /** The results known for a key, the one to use first; the local one of several equal ones. */
  public List<Stored> records(CacheKey key) {
    Map<String, Stored> byResult = new LinkedHashMap<>();
    key.ids()
        .forEach(
            (cache, id) -> {
              KeyReader reader = readers.get(cache);
              boolean isLocal = cache.equals(LocalCache.ID);
              if (reader != null) {
                for (StoredResult r : isLocal ? local.records(id) : reader.results(id)) {
                  Stored stored = new Stored(cache, id, r);
                  byResult.merge(r.id(), stored, (old, now) -> isLocal ? now : old);
                }
              }
            });
    List<Stored> sorted = new ArrayList<>(byResult.values());
    sorted.sort(BEST_FIRST);
    return sorted;
  }

  /** The newest first; of equally new ones the imported, which stock daemons prefer too. */
  public static final Comparator<Stored> BEST_FIRST =
      Comparator.comparing((Stored s) -> s.result().createdAt())
          .reversed()
          .thenComparing(s -> s.cache().equals(LocalCache.ID));

  /**
   * Loads a result. One from an imported cache is saved in the local one too, with those below it
   * that came along.
   */
  public Result load(CacheKey key, Stored stored, OpContext context) throws Exception {
    if (stored.cache().equals(LocalCache.ID)) {
      return local.results.load(stored.result().id(), context);
    }
    for (CacheSource source : imports) {
      if (source.id().equals(stored.cache())) {
        return new ImportedLoad(local, source).load(key, stored, context);
      }
    }
    throw new IllegalStateException("could not load from cache " + stored.cache() + ": it is gone");
  }
}
