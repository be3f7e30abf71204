package dev.kiln.solver.export;

import dev.kiln.solver.CacheKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A set of cache records that grows: a record that an alternative of every input of a new one leads
 * to is the same record (cache-keys.md, section 7.1). Not thread-safe.
 */
public final class CacheRecords {
  private final Map<String, Item> leaves = new LinkedHashMap<>();
  private final Set<Item> all = new LinkedHashSet<>();

  /** Makes an empty set. */
  public CacheRecords() {}

  /** A record of a set. */
  static final class Item {
    final String digest;
    final List<Set<Source>> inputs = new ArrayList<>();
    final Map<Step, Set<Item>> targets = new HashMap<>();
    final List<LayerChain> results = new ArrayList<>();

    Item(String digest) {
      this.digest = digest;
    }

    /** The newest result. */
    @Nullable LayerChain best() {
      return results.stream().max(Comparator.comparing(LayerChain::createdAt)).orElse(null);
    }
  }

  /** A way to know an input. */
  record Source(Item item, String selector) {}

  /** How a record is an input of another. */
  record Step(int input, String digest, String selector) {}

  /** All records, inputs before what stands on them where no later merge changed that. */
  Set<Item> items() {
    return all;
  }

  /**
   * Adds a record, or to one that is there.
   *
   * @param digest {@code R(D, o)}; random ones are refused
   * @param inputs for each input the alternatives; empty for a key without inputs
   * @return the record; null if it was refused
   */
  @Nullable Item add(String digest, List<List<Source>> inputs, List<LayerChain> results) {
    if (digest.startsWith("random:") || inputs.stream().anyMatch(List::isEmpty)) {
      return null;
    }
    Item item = inputs.isEmpty() ? leaf(digest) : matching(digest, inputs);
    for (LayerChain result : results) {
      boolean known =
          item.results.stream()
              .anyMatch(r -> r.createdAt().equals(result.createdAt()) && r.hasLayersOf(result));
      if (!known) {
        item.results.add(result);
      }
    }
    Set<Item> above = item.targets.isEmpty() ? Set.of() : above(item);
    for (int input = 0; input < inputs.size(); input++) {
      for (Source source : inputs.get(input)) {
        if (!above.contains(source.item) && source.item != item) {
          link(source, input, item);
        }
      }
    }
    return item;
  }

  private Item leaf(String digest) {
    Item item = leaves.computeIfAbsent(digest, Item::new);
    all.add(item);
    return item;
  }

  private Item matching(String digest, List<List<Source>> inputs) {
    Set<Item> matches = new LinkedHashSet<>();
    for (int input = 0; input < inputs.size(); input++) {
      Set<Item> ofInput = new LinkedHashSet<>();
      for (Source source : inputs.get(input)) {
        Step step = new Step(input, digest, source.selector);
        ofInput.addAll(source.item.targets.getOrDefault(step, Set.of()));
      }
      if (input == 0) {
        matches = ofInput;
      } else {
        matches.retainAll(ofInput);
      }
    }
    if (matches.isEmpty()) {
      Item item = new Item(digest);
      all.add(item);
      return item;
    }
    Item main = matches.iterator().next();
    for (Item other : matches) {
      if (other != main) {
        merge(other, main);
      }
    }
    return main;
  }

  private static void link(Source source, int input, Item item) {
    Step step = new Step(input, item.digest, source.selector);
    source.item.targets.computeIfAbsent(step, s -> new LinkedHashSet<>()).add(item);
    while (item.inputs.size() <= input) {
      item.inputs.add(new LinkedHashSet<>());
    }
    item.inputs.get(input).add(source);
  }

  /** Two records turned out to be one. */
  private void merge(Item gone, Item kept) {
    gone.targets.forEach(
        (step, items) -> {
          for (Item target : items) {
            target.inputs.get(step.input).remove(new Source(gone, step.selector));
            if (target != kept) {
              link(new Source(kept, step.selector), step.input, target);
            }
          }
        });
    for (int input = 0; input < gone.inputs.size(); input++) {
      for (Source source : gone.inputs.get(input)) {
        Step step = new Step(input, gone.digest, source.selector);
        source.item.targets.getOrDefault(step, new HashSet<>()).remove(gone);
        if (source.item != kept) {
          link(source, input, kept);
        }
      }
    }
    kept.results.addAll(gone.results);
    all.remove(gone);
  }

  /** All records that stand on one. */
  private static Set<Item> above(Item item) {
    Set<Item> above = new HashSet<>();
    Deque<Item> toVisit = new ArrayDeque<>();
    toVisit.push(item);
    while (!toVisit.isEmpty()) {
      for (Set<Item> targets : toVisit.pop().targets.values()) {
        for (Item target : targets) {
          if (above.add(target)) {
            toVisit.push(target);
          }
        }
      }
    }
    return above;
  }

  /** Whether a key can be a record at all. */
  static boolean isExportable(CacheKey key) {
    return key.isStorable();
  }

  /** The configuration of all records, in the order that stock daemons use. */
  public CacheConfig toConfig() {
    return new ConfigBuilder().build(all);
  }

  /** The blobs that the configuration names, by digest. */
  public Map<String, LayerDescriptor> layers() {
    Map<String, LayerDescriptor> layers = new LinkedHashMap<>();
    for (Item item : all) {
      LayerChain best = item.best();
      if (best != null) {
        best.layers().forEach(l -> layers.putIfAbsent(l.digest(), l));
      }
    }
    return layers;
  }
}
