package dev.kiln.solver.export;

import dev.kiln.solver.export.CacheConfig.Entry;
import dev.kiln.solver.export.CacheConfig.Input;
import dev.kiln.solver.export.CacheConfig.Layer;
import dev.kiln.solver.export.CacheConfig.Top;
import dev.kiln.solver.export.CacheRecords.Item;
import dev.kiln.solver.export.CacheRecords.Source;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Numbers and sorts records and layers (cache-keys.md, section 7.1, marshal order). */
final class ConfigBuilder {
  /** A layer is what it is with all below it, so one blob may be there twice. */
  private record Numbered(String blob, int parent) {}

  private final List<Numbered> layers = new ArrayList<>();
  private final Map<Numbered, Integer> numbers = new HashMap<>();

  CacheConfig build(Collection<Item> items) {
    List<Item> sorted = new ArrayList<>(items);
    Map<Item, List<List<Source>>> inputs = new HashMap<>();
    for (Item item : sorted) {
      inputs.put(item, item.inputs.stream().map(ConfigBuilder::bySelector).toList());
    }
    sorted.sort((a, b) -> compare(a.digest, sourcesOf(inputs, a), b.digest, sourcesOf(inputs, b)));
    Map<Item, Integer> index = new HashMap<>();
    sorted.forEach(i -> index.put(i, index.size()));
    Map<Item, Integer> tops = new HashMap<>();
    for (Item item : sorted) {
      LayerChain best = item.best();
      if (best != null && !best.layers().isEmpty()) {
        tops.put(item, number(best.layers()));
      }
    }
    int[] position = sortLayers();
    List<Entry> entries = new ArrayList<>();
    for (Item item : sorted) {
      entries.add(entry(item, index, tops.get(item), position));
    }
    return new CacheConfig(sortedLayers(position), entries);
  }

  private static List<List<Source>> sourcesOf(Map<Item, List<List<Source>>> inputs, Item item) {
    return inputs.getOrDefault(item, List.of());
  }

  private static List<Source> bySelector(Collection<Source> sources) {
    return sources.stream()
        .sorted(Comparator.comparing(Source::selector).thenComparing(s -> s.item().digest))
        .toList();
  }

  private static int compare(
      String digestA, List<List<Source>> a, String digestB, List<List<Source>> b) {
    int order = digestA.compareTo(digestB);
    if (order == 0) {
      order = Integer.compare(a.size(), b.size());
    }
    for (int i = 0; order == 0 && i < a.size(); i++) {
      order = Integer.compare(a.get(i).size(), b.get(i).size());
      for (int j = 0; order == 0 && j < a.get(i).size(); j++) {
        Source x = a.get(i).get(j);
        Source y = b.get(i).get(j);
        order = x.selector().compareTo(y.selector());
        if (order == 0) {
          order = x.item().digest.compareTo(y.item().digest);
        }
      }
    }
    return order;
  }

  private int number(List<LayerDescriptor> chain) {
    int parent = -1;
    for (LayerDescriptor layer : chain) {
      Numbered numbered = new Numbered(layer.digest(), parent);
      Integer known = numbers.get(numbered);
      if (known == null) {
        known = layers.size();
        numbers.put(numbered, known);
        layers.add(numbered);
      }
      parent = known;
    }
    return parent;
  }

  /** The place of each layer once they are sorted by blob and by their parent's first number. */
  private int[] sortLayers() {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      order.add(i);
    }
    order.sort(
        Comparator.comparing((Integer i) -> layers.get(i).blob())
            .thenComparingInt(i -> layers.get(i).parent()));
    int[] position = new int[layers.size()];
    for (int i = 0; i < order.size(); i++) {
      position[order.get(i)] = i;
    }
    return position;
  }

  private List<Layer> sortedLayers(int[] position) {
    Layer[] sorted = new Layer[layers.size()];
    for (int i = 0; i < layers.size(); i++) {
      int parent = layers.get(i).parent();
      sorted[position[i]] =
          new Layer(layers.get(i).blob(), parent == -1 ? -1 : position[parent], null);
    }
    return List.of(sorted);
  }

  private static Entry entry(
      Item item, Map<Item, Integer> index, @Nullable Integer top, int[] position) {
    List<List<Input>> inputs = new ArrayList<>();
    for (Collection<Source> sources : item.inputs) {
      inputs.add(
          sources.stream()
              .map(s -> new Input(s.selector(), index.getOrDefault(s.item(), -1)))
              .sorted(Comparator.comparingInt(Input::link))
              .toList());
    }
    LayerChain best = item.best();
    List<Top> results =
        top == null || best == null ? List.of() : List.of(new Top(position[top], best.createdAt()));
    return new Entry(item.digest, inputs, results, List.of());
  }
}
