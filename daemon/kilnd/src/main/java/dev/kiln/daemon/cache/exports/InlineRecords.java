package dev.kiln.daemon.cache.exports;

import dev.kiln.solver.export.CacheConfig;
import dev.kiln.solver.export.CacheConfig.Chain;
import dev.kiln.solver.export.CacheConfig.Entry;
import dev.kiln.solver.export.CacheConfig.Layer;
import dev.kiln.solver.export.CacheConfig.Top;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The records of an inline cache: results are told by the layers of the image that carries them
 * (cache-keys.md, section 7.3). Layers are known by their diff ids, so the image's compression does
 * not matter.
 */
final class InlineRecords {
  private final List<String> image;
  private final Map<String, Integer> positions = new HashMap<>();

  /**
   * @param image diff ids of the image's layers, lowest first
   */
  InlineRecords(List<String> image) {
    this.image = List.copyOf(image);
    for (int i = 0; i < image.size(); i++) {
      positions.put(image.get(i), i);
    }
  }

  /**
   * The records, with those results only that the image has all layers of.
   *
   * @param config its layers' blobs are diff ids
   * @return null when the image has none of the results
   */
  @Nullable List<Entry> of(CacheConfig config) {
    List<Entry> entries = new ArrayList<>();
    boolean any = false;
    for (Entry entry : config.records()) {
      List<Top> tops = new ArrayList<>();
      List<Chain> chains = new ArrayList<>();
      for (Top top : entry.results()) {
        List<String> layers = layers(config, top.layer());
        if (isBottomOfImage(layers)) {
          tops.add(new Top(layers.size() - 1, top.createdAt()));
        } else if (positions.keySet().containsAll(layers)) {
          List<Integer> indexes = layers.stream().map(l -> positions.getOrDefault(l, 0)).toList();
          chains.add(new Chain(indexes, CacheConfig.NO_TIME));
        }
      }
      any |= !tops.isEmpty() || !chains.isEmpty();
      entries.add(new Entry(entry.digest(), entry.inputs(), tops, chains));
    }
    return any ? entries : null;
  }

  private boolean isBottomOfImage(List<String> layers) {
    return layers.size() <= image.size() && image.subList(0, layers.size()).equals(layers);
  }

  private static List<String> layers(CacheConfig config, int top) {
    List<String> layers = new ArrayList<>();
    for (int at = top; at != -1; at = config.layers().get(at).parent()) {
      Layer layer = config.layers().get(at);
      layers.add(layer.blob());
    }
    return layers.reversed();
  }
}
