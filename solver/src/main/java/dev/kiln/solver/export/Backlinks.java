package dev.kiln.solver.export;

import dev.kiln.solver.CacheKey;
import dev.kiln.solver.CacheKey.Stored;
import dev.kiln.solver.cache.LocalCache;
import dev.kiln.solver.export.CacheRecords.Item;
import dev.kiln.solver.export.CacheRecords.Source;
import dev.kiln.solver.store.Backlink;
import dev.kiln.solver.store.CacheStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Adds records for other ways to the same keys, which the local cache learned in earlier builds;
 * they come without results. Works without recursion; not thread-safe.
 */
final class Backlinks {
  private final CacheStore local;
  private final CacheRecords records;
  private final Map<String, List<Item>> done = new HashMap<>();

  Backlinks(CacheStore local, CacheRecords records) {
    this.local = local;
    this.records = records;
  }

  /** Adds all known ways to a key. */
  void add(CacheKey key) {
    String top = key.idIn(LocalCache.ID);
    if (top == null || done.containsKey(top)) {
      return;
    }
    Deque<String> stack = new ArrayDeque<>();
    Map<String, List<Backlink>> open = new HashMap<>();
    stack.push(top);
    while (!stack.isEmpty()) {
      String id = stack.peek();
      List<Backlink> backlinks = open.get(id);
      if (backlinks != null) {
        stack.pop();
        open.remove(id);
        done.put(id, addRecords(id, backlinks));
      } else if (done.containsKey(id)) {
        stack.pop();
      } else {
        List<Backlink> found = local.backlinks(id);
        open.put(id, found);
        done.put(id, List.of());
        for (Backlink backlink : found) {
          if (!done.containsKey(backlink.source())) {
            stack.push(backlink.source());
          }
        }
      }
    }
  }

  private List<Item> addRecords(String id, List<Backlink> backlinks) {
    List<Item> items = new ArrayList<>();
    if (backlinks.isEmpty()) {
      addIfPresent(items, leaf(id));
      return items;
    }
    Map<String, List<List<Source>>> inputsOf = new HashMap<>();
    for (Backlink backlink : backlinks) {
      List<List<Source>> inputs =
          inputsOf.computeIfAbsent(backlink.link().record(), r -> new ArrayList<>());
      while (inputs.size() <= backlink.link().input()) {
        inputs.add(new ArrayList<>());
      }
      for (Item source : done.getOrDefault(backlink.source(), List.of())) {
        inputs.get(backlink.link().input()).add(new Source(source, backlink.link().selector()));
      }
    }
    inputsOf.forEach(
        (record, inputs) -> addIfPresent(items, records.add(record, inputs, List.of())));
    return items;
  }

  private static void addIfPresent(List<Item> items, @Nullable Item item) {
    if (item != null) {
      items.add(item);
    }
  }

  private @Nullable Item leaf(String id) {
    return id.startsWith("sha256:") ? records.add(id, List.of(), List.of()) : null;
  }

  /** Adds other keys without inputs that have the same result, such as both keys of an image. */
  void addEqualLeaves(Stored used) {
    if (!used.cache().equals(LocalCache.ID)) {
      return;
    }
    for (String id : local.keysOf(used.result().id())) {
      if (!id.equals(used.key()) && local.backlinks(id).isEmpty()) {
        leaf(id);
      }
    }
  }
}
