package dev.kiln.solver.cache;

import dev.kiln.solver.CacheKey;
import dev.kiln.solver.CacheKey.Link;
import dev.kiln.solver.Result;
import dev.kiln.solver.ResultStore;
import dev.kiln.solver.store.CacheStore;
import dev.kiln.solver.store.CacheStore.Change;
import dev.kiln.solver.store.KeyLink;
import dev.kiln.solver.store.StoredResult;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The cache that every build reads and writes. Thread-safe. */
public final class LocalCache {
  /** The name of this cache among those that know a key. */
  public static final String ID = "local";

  final CacheStore store;
  final ResultStore results;
  final KeyFinder finder;

  /** Two equal keys that are saved at once must get one id. */
  private final ReentrantLock saving = new ReentrantLock();

  /** Ends of what is being saved. */
  private final Map<Long, CompletableFuture<Void>> unfinished = new ConcurrentHashMap<>();

  private final AtomicLong saves = new AtomicLong();

  /** Makes the cache from where keys and where results are kept. */
  public LocalCache(CacheStore store, ResultStore results) {
    this.store = store;
    this.results = results;
    this.finder = new KeyFinder(ID, store);
  }

  /**
   * A saved result.
   *
   * @param stored where it is; null if the key is never stored
   * @param durable completes when the result and its record are safe from a crash
   */
  public record Saved(CacheKey.@Nullable Stored stored, CompletableFuture<Void> durable) {}

  /**
   * Saves a result under a key. Look-ups find it when this returns. A result that turns out to be
   * impossible to keep is forgotten.
   *
   * @throws Exception if the result store could not keep the result
   */
  public Saved save(CacheKey key, Result result, Instant createdAt) throws Exception {
    if (!key.isStorable()) {
      return new Saved(null, CompletableFuture.completedFuture(null));
    }
    ResultStore.Saved saved = results.save(result);
    StoredResult stored = new StoredResult(saved.id(), createdAt);
    saving.lock();
    try {
      List<Change> changes = new ArrayList<>();
      String id = idOf(key);
      changes.add(new Change.AddResult(id, stored));
      addLinks(key, changes);
      CompletableFuture<Void> durable = both(saved, store.commit(changes));
      return new Saved(new CacheKey.Stored(ID, id, stored), durable);
    } finally {
      saving.unlock();
    }
  }

  private CompletableFuture<Void> both(ResultStore.Saved saved, CompletableFuture<Void> committed) {
    CompletableFuture<Void> kept =
        saved
            .durable()
            .whenComplete(
                (nothing, error) -> {
                  if (error != null) {
                    store.release(saved.id());
                  }
                });
    CompletableFuture<Void> end = kept.exceptionally(error -> null);
    if (!end.isDone()) {
      long number = saves.incrementAndGet();
      unfinished.put(number, end);
      var _ = end.thenRun(() -> unfinished.remove(number));
    }
    return kept.thenCombine(committed, (result, record) -> null);
  }

  private String idOf(CacheKey key) {
    String id = finder.find(key);
    if (id == null) {
      id = UUID.randomUUID().toString();
      key.rememberId(ID, id);
    }
    return id;
  }

  /** Makes sure that the key is reached from each of its inputs, and these from theirs. */
  private void addLinks(CacheKey top, List<Change> changes) {
    Deque<CacheKey> toLink = new ArrayDeque<>();
    toLink.push(top);
    while (!toLink.isEmpty()) {
      CacheKey key = toLink.pop();
      String id = idOf(key);
      String record = key.recordDigest();
      for (int input = 0; input < key.deps().size(); input++) {
        for (Link dep : key.deps().get(input)) {
          if (!dep.key().isStorable()) {
            continue;
          }
          if (finder.find(dep.key()) == null) {
            toLink.push(dep.key());
          }
          KeyLink link = new KeyLink(input, record, dep.selector());
          changes.add(new Change.AddLink(idOf(dep.key()), link, id));
        }
      }
    }
  }

  /** Remembers that all these alternatives of one input lead to the targets. */
  void learn(List<Link> alternatives, int input, String record, List<String> targets) {
    List<Change> changes = new ArrayList<>();
    for (Link alternative : alternatives) {
      String id = finder.find(alternative.key());
      if (id != null) {
        KeyLink link = new KeyLink(input, record, alternative.selector());
        for (String target : targets) {
          if (!store.hasLink(id, link, target)) {
            changes.add(new Change.AddLink(id, link, target));
          }
        }
      }
    }
    if (!changes.isEmpty()) {
      store.apply(changes);
    }
  }

  /** The results of a key that still exist; the others are forgotten. */
  List<StoredResult> records(String keyId) {
    List<StoredResult> existing = new ArrayList<>();
    for (StoredResult result : store.results(keyId)) {
      if (results.exists(result.id())) {
        existing.add(result);
      } else {
        store.release(result.id());
      }
    }
    return existing;
  }

  /** Forgets results that are gone; for the start of a daemon and now and then. */
  public void releaseUnreferenced() {
    store.forEachResult(
        id -> {
          if (!results.exists(id)) {
            store.release(id);
          }
        });
  }

  /** Completes when everything that was saved is safe from a crash, or forgotten. */
  public CompletableFuture<Void> barrier() {
    CompletableFuture<?>[] ends = unfinished.values().toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(ends).thenCombine(store.commit(List.of()), (a, b) -> null);
  }
}
