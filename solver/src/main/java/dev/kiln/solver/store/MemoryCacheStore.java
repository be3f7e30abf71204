package dev.kiln.solver.store;

import dev.kiln.solver.store.CacheStore.Change.AddLink;
import dev.kiln.solver.store.CacheStore.Change.AddResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;

/** A cache store that forgets everything at the end of the process. */
public final class MemoryCacheStore implements CacheStore {
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final Map<String, Entry> entries = new HashMap<>();
  private final Map<String, Set<String>> keysByResult = new HashMap<>();

  /** Makes an empty store. */
  public MemoryCacheStore() {}

  private static final class Entry {
    final Map<String, StoredResult> results = new LinkedHashMap<>();
    final Map<KeyLink, Set<String>> links = new HashMap<>();
    final Map<String, Set<KeyLink>> sources = new LinkedHashMap<>();

    boolean leadsNowhere() {
      return results.isEmpty() && links.isEmpty();
    }
  }

  private interface Reading<T> {
    T read();
  }

  private <T> T reading(Reading<T> action) {
    lock.readLock().lock();
    try {
      return action.read();
    } finally {
      lock.readLock().unlock();
    }
  }

  private void writing(Runnable action) {
    lock.writeLock().lock();
    try {
      action.run();
    } finally {
      lock.writeLock().unlock();
    }
  }

  @Override
  public boolean exists(String key) {
    return reading(
        () -> {
          Entry entry = entries.get(key);
          return entry != null && !entry.leadsNowhere();
        });
  }

  @Override
  public List<StoredResult> results(String key) {
    return reading(
        () -> {
          Entry entry = entries.get(key);
          return entry == null ? List.of() : List.copyOf(entry.results.values());
        });
  }

  @Override
  public List<String> targets(String key, KeyLink link) {
    return reading(
        () -> {
          Entry entry = entries.get(key);
          return entry == null ? List.of() : List.copyOf(entry.links.getOrDefault(link, Set.of()));
        });
  }

  @Override
  public boolean hasLink(String key, KeyLink link, String target) {
    return reading(
        () -> {
          Entry entry = entries.get(key);
          return entry != null && entry.links.getOrDefault(link, Set.of()).contains(target);
        });
  }

  @Override
  public List<Backlink> backlinks(String key) {
    return reading(
        () -> {
          List<Backlink> out = new ArrayList<>();
          Entry entry = entries.get(key);
          if (entry != null) {
            entry.sources.forEach(
                (source, links) -> links.forEach(l -> out.add(new Backlink(source, l))));
          }
          return out;
        });
  }

  @Override
  public List<String> keysOf(String resultId) {
    return reading(() -> List.copyOf(keysByResult.getOrDefault(resultId, Set.of())));
  }

  @Override
  public void forEachKey(Consumer<String> action) {
    List<String> keys = reading(() -> List.copyOf(entries.keySet()));
    keys.forEach(action);
  }

  @Override
  public void forEachResult(Consumer<String> action) {
    List<String> results = reading(() -> List.copyOf(keysByResult.keySet()));
    results.forEach(action);
  }

  @Override
  public CompletableFuture<Void> commit(List<Change> changes) {
    apply(changes);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void apply(List<Change> changes) {
    writing(() -> changes.forEach(this::applyOne));
  }

  private void applyOne(Change change) {
    switch (change) {
      case AddResult(String key, StoredResult result) -> {
        entry(key).results.put(result.id(), result);
        keysByResult.computeIfAbsent(result.id(), r -> new LinkedHashSet<>()).add(key);
      }
      case AddLink(String key, KeyLink link, String target) -> {
        entry(key).links.computeIfAbsent(link, l -> new LinkedHashSet<>()).add(target);
        entry(target).sources.computeIfAbsent(key, k -> new LinkedHashSet<>()).add(link);
      }
    }
  }

  private Entry entry(String key) {
    return entries.computeIfAbsent(key, k -> new Entry());
  }

  @Override
  public void release(String resultId) {
    writing(
        () -> {
          Set<String> keys = keysByResult.remove(resultId);
          if (keys == null) {
            return;
          }
          Deque<String> toCheck = new ArrayDeque<>(new HashSet<>(keys));
          for (String key : keys) {
            entry(key).results.remove(resultId);
          }
          while (!toCheck.isEmpty()) {
            toCheck.addAll(removeIfEmpty(toCheck.pop()));
          }
        });
  }

  /** Removes a key that leads nowhere; gives the keys that led to it. */
  private Set<String> removeIfEmpty(String key) {
    Entry entry = entries.get(key);
    if (entry == null || !entry.leadsNowhere()) {
      return Set.of();
    }
    entries.remove(key);
    entry.sources.forEach(
        (source, links) -> {
          Entry from = entries.get(source);
          if (from != null) {
            for (KeyLink link : links) {
              Set<String> targets = from.links.getOrDefault(link, new HashSet<>());
              targets.remove(key);
              if (targets.isEmpty()) {
                from.links.remove(link);
              }
            }
          }
        });
    return entry.sources.keySet();
  }

  @Override
  public void close() {}
}
