package dev.kiln.solver.export;

import dev.kiln.solver.CacheKey;
import dev.kiln.solver.CacheKey.Stored;
import dev.kiln.solver.export.CacheRecords.Item;
import dev.kiln.solver.export.CacheRecords.Source;
import dev.kiln.solver.store.Backlink;
import dev.kiln.solver.store.KeyReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Adds records for other ways to the same keys that caches know: the local one, which learned them
 * in earlier builds, and imported ones; they come without results. Works without recursion; not
 * thread-safe.
 */
final class Backlinks {
  private final CacheExport.Caches caches;
  private final CacheRecords records;

  /** By cache, then by the key's id there. */
  private final Map<String, Map<String, List<Item>>> done = new HashMap<>();

  Backlinks(CacheExport.Caches caches, CacheRecords records) {
    this.caches = caches;
    this.records = records;
  }

  /** Adds all known ways to a key. */
  void add(CacheKey key) {
    key.ids()
        .forEach(
            (cache, id) -> {
              KeyReader reader = caches.find(cache);
              if (reader != null) {
                add(id, reader, done.computeIfAbsent(cache, c -> new HashMap<>()));
              }
            });
  }

  private void add(String top, KeyReader reader, Map<String, List<Item>> done) {
    if (done.containsKey(top)) {
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
        done.put(id, addRecords(id, backlinks, done));
      } else if (done.containsKey(id)) {
        stack.pop();
      } else {
        List<Backlink> found = reader.backlinks(id);
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

  private List<Item> addRecords(String id, List<Backlink> backlinks, Map<String, List<Item>> done) {
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
    KeyReader reader = caches.find(used.cache());
    if (reader == null) {
      return;
    }
    for (String id : reader.keysOf(used.result().id())) {
      if (!id.equals(used.key()) && reader.backlinks(id).isEmpty()) {
        leaf(id);
      }
    }
  }
}
