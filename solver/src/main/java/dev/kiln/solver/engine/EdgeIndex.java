package dev.kiln.solver.engine;

import dev.kiln.solver.CacheKey;
import dev.kiln.solver.CacheKey.Link;
import dev.kiln.solver.store.KeyLink;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Finds live edges by key. Keys are linked as in a cache, but what is here goes with the edges. Two
 * keys meet if for every input some alternative of the one is among those of the other. Works
 * without recursion. Thread-safe.
 */
final class EdgeIndex {
  private static final int MIN_SWEEP = 20_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Item> items = new HashMap<>();
  private final Map<EdgeState, Set<String>> idsOfEdge = new HashMap<>();

  /** By identity: keys have no equality of their own. */
  private final Map<CacheKey, List<String>> idsOfKey = new WeakHashMap<>();

  private long lastId;
  private int sweepAbove = MIN_SWEEP;

  private static final class Item {
    @Nullable EdgeState edge;
    final Map<KeyLink, Set<String>> targets = new HashMap<>();
    final Map<String, Set<KeyLink>> sources = new HashMap<>();
  }

  /**
   * Finds another edge with an equal key, or else remembers this one. An edge that ignores the
   * cache is found by those that do not; it is not given one that does not, but takes its place.
   */
  @Nullable EdgeState findOrAdd(CacheKey key, EdgeState edge) {
    lock.lock();
    try {
      if (edge.owner.released) {
        // It was removed already, so nobody would remove it again.
        return null;
      }
      identifyInputs(key);
      List<String> ids = matches(key);
      for (String id : ids) {
        Item item = items.get(id);
        EdgeState found = item == null ? null : item.edge;
        if (found != null && found.resolve() != edge) {
          if (found.owner.ignoresCache() || !edge.owner.ignoresCache()) {
            link(id, key);
            return found;
          }
        }
      }
      String id = ids.isEmpty() ? newId() : ids.get(0);
      link(id, key).edge = edge;
      idsOfEdge.computeIfAbsent(edge, e -> new HashSet<>()).add(id);
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** Forgets an edge, and the keys that lead to no edge any more. */
  void remove(EdgeState edge) {
    lock.lock();
    try {
      Set<String> ids = idsOfEdge.remove(edge);
      if (ids == null) {
        return;
      }
      Deque<String> toCheck = new ArrayDeque<>();
      for (String id : ids) {
        Item item = items.get(id);
        if (item != null && item.edge == edge) {
          item.edge = null;
          toCheck.add(id);
        }
      }
      while (!toCheck.isEmpty()) {
        removeIfEmpty(toCheck.pop(), toCheck);
      }
      if (idsOfEdge.isEmpty()) {
        items.clear();
      } else if (items.size() > sweepAbove) {
        sweep();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Keys that equal content made go round in a circle do not go by themselves. */
  private void sweep() {
    Set<String> needed = new HashSet<>();
    Deque<String> toVisit = new ArrayDeque<>();
    idsOfEdge.values().forEach(toVisit::addAll);
    while (!toVisit.isEmpty()) {
      String id = toVisit.pop();
      Item item = items.get(id);
      if (item != null && needed.add(id)) {
        toVisit.addAll(item.sources.keySet());
      }
    }
    items.keySet().retainAll(needed);
    for (Item item : items.values()) {
      item.targets.values().forEach(targets -> targets.retainAll(needed));
      item.targets.values().removeIf(Set::isEmpty);
    }
    sweepAbove = Math.max(MIN_SWEEP, 2 * items.size());
  }

  private void removeIfEmpty(String id, Deque<String> toCheck) {
    Item item = items.get(id);
    if (item == null || item.edge != null || !item.targets.isEmpty()) {
      return;
    }
    items.remove(id);
    item.sources.forEach(
        (sourceId, links) -> {
          Item source = items.get(sourceId);
          if (source != null) {
            for (KeyLink link : links) {
              Set<String> targets = source.targets.getOrDefault(link, new HashSet<>());
              targets.remove(id);
              if (targets.isEmpty()) {
                source.targets.remove(link);
              }
            }
            toCheck.push(sourceId);
          }
        });
  }

  /** How many keys are known, for tests. */
  int size() {
    lock.lock();
    try {
      return items.size();
    } finally {
      lock.unlock();
    }
  }

  private String newId() {
    return "#" + ++lastId;
  }

  /** Gives ids to all keys below one. */
  private void identifyInputs(CacheKey top) {
    Deque<CacheKey> stack = new ArrayDeque<>();
    pushUnidentified(top, stack);
    while (!stack.isEmpty()) {
      CacheKey key = stack.peek();
      if (idsOfKey.containsKey(key)) {
        stack.pop();
      } else if (!pushUnidentified(key, stack)) {
        List<String> ids = matches(key);
        List<String> own = ids.isEmpty() ? List.of(newId()) : ids;
        idsOfKey.put(key, own);
        own.forEach(id -> link(id, key));
        stack.pop();
      }
    }
  }

  private boolean pushUnidentified(CacheKey key, Deque<CacheKey> stack) {
    boolean pushed = false;
    for (List<Link> alternatives : key.deps()) {
      for (Link link : alternatives) {
        if (!idsOfKey.containsKey(link.key())) {
          stack.push(link.key());
          pushed = true;
        }
      }
    }
    return pushed;
  }

  private List<String> matches(CacheKey key) {
    if (key.deps().isEmpty()) {
      return List.of(key.recordDigest());
    }
    String record = key.recordDigest();
    Set<String> matches = new LinkedHashSet<>();
    for (int input = 0; input < key.deps().size(); input++) {
      Set<String> ofInput = new LinkedHashSet<>();
      for (Link alternative : key.deps().get(input)) {
        KeyLink link = new KeyLink(input, record, alternative.selector());
        for (String id : idsOfKey.getOrDefault(alternative.key(), List.of())) {
          Item item = items.get(id);
          if (item != null) {
            ofInput.addAll(item.targets.getOrDefault(link, Set.of()));
          }
        }
      }
      if (input == 0) {
        matches = ofInput;
      } else {
        matches.retainAll(ofInput);
      }
      if (matches.isEmpty()) {
        break;
      }
    }
    return new ArrayList<>(matches);
  }

  /** Makes the id reachable from every alternative of the key's inputs. */
  private Item link(String id, CacheKey key) {
    Item item = items.computeIfAbsent(id, i -> new Item());
    String record = key.recordDigest();
    for (int input = 0; input < key.deps().size(); input++) {
      for (Link alternative : key.deps().get(input)) {
        KeyLink link = new KeyLink(input, record, alternative.selector());
        for (String sourceId : idsOfKey.getOrDefault(alternative.key(), List.of())) {
          Item source = items.computeIfAbsent(sourceId, i -> new Item());
          source.targets.computeIfAbsent(link, l -> new LinkedHashSet<>()).add(id);
          item.sources.computeIfAbsent(sourceId, s -> new HashSet<>()).add(link);
        }
      }
    }
    return item;
  }
}
