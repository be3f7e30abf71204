package dev.kiln.daemon.cache.imports;

import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.content.Digest;
import dev.kiln.solver.Sha256;
import dev.kiln.solver.export.CacheConfig;
import dev.kiln.solver.export.CacheConfig.Entry;
import dev.kiln.solver.export.CacheConfig.Input;
import dev.kiln.solver.store.Backlink;
import dev.kiln.solver.store.KeyLink;
import dev.kiln.solver.store.StoredResult;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The records of cache configurations, by the keys that look-ups ask for (cache-keys.md, section
 * 7.2). A leaf's key is its digest; the others have names of their own. Filled by one thread, then
 * read by many.
 */
final class ImportedRecords {
  private final String prefix;
  private final Map<String, List<StoredResult>> results = new HashMap<>();
  private final Map<String, List<Descriptor>> chains = new HashMap<>();
  private final Map<String, Map<KeyLink, List<String>>> links = new HashMap<>();
  private final Map<String, List<Backlink>> backlinks = new HashMap<>();
  private final Map<String, List<String>> keysByResult = new HashMap<>();
  private int configs;

  /**
   * @param prefix makes the names of keys differ from those in other caches
   */
  ImportedRecords(String prefix) {
    this.prefix = prefix;
  }

  /**
   * Adds a configuration.
   *
   * @param blobs the descriptors of layers by digest; results with others are left out
   * @throws IOException if it is malformed
   */
  void add(CacheConfig config, Map<String, Descriptor> blobs) throws IOException {
    configs++;
    checkNoLoops(config);
    List<Entry> records = config.records();
    for (int at = 0; at < records.size(); at++) {
      Entry record = records.get(at);
      String key = key(config, at);
      links.computeIfAbsent(key, k -> new LinkedHashMap<>());
      for (int input = 0; input < record.inputs().size(); input++) {
        for (Input alternative : record.inputs().get(input)) {
          KeyLink link = new KeyLink(input, record.digest(), alternative.selector());
          String source = key(config, alternative.link());
          links
              .computeIfAbsent(source, k -> new LinkedHashMap<>())
              .computeIfAbsent(link, l -> new ArrayList<>())
              .add(key);
          backlinks.computeIfAbsent(key, k -> new ArrayList<>()).add(new Backlink(source, link));
        }
      }
      for (CacheConfig.Top top : record.results()) {
        addResult(key, chain(config, top.layer(), blobs), top.createdAt());
      }
      for (CacheConfig.Chain chain : record.chains()) {
        addResult(key, layers(config, chain.layers(), blobs), chain.createdAt());
      }
    }
  }

  private String key(CacheConfig config, int at) {
    Entry record = config.records().get(at);
    return record.inputs().isEmpty() ? record.digest() : prefix + configs + "#" + at;
  }

  private enum Mark {
    OPEN,
    DONE
  }

  /** Walks all inputs without recursion: chains may be thousands long. */
  private static void checkNoLoops(CacheConfig config) throws IOException {
    Map<Integer, Mark> marks = new HashMap<>();
    for (int start = 0; start < config.records().size(); start++) {
      List<Integer> stack = new ArrayList<>(List.of(start));
      while (!stack.isEmpty()) {
        int at = stack.getLast();
        if (marks.containsKey(at)) {
          marks.put(at, Mark.DONE);
          stack.removeLast();
          continue;
        }
        marks.put(at, Mark.OPEN);
        for (int input : inputs(config, at)) {
          if (marks.get(input) == Mark.OPEN) {
            throw new IOException("invalid looping record");
          }
          if (!marks.containsKey(input)) {
            stack.add(input);
          }
        }
      }
    }
  }

  private static List<Integer> inputs(CacheConfig config, int at) throws IOException {
    List<Integer> inputs = new ArrayList<>();
    for (List<Input> alternatives : config.records().get(at).inputs()) {
      if (alternatives.isEmpty()) {
        throw new IOException("invalid empty input for record " + at);
      }
      for (Input alternative : alternatives) {
        if (alternative.link() < 0 || alternative.link() >= config.records().size()) {
          throw new IOException("invalid record ID: " + alternative.link());
        }
        inputs.add(alternative.link());
      }
    }
    return inputs;
  }

  private static @Nullable List<Descriptor> chain(
      CacheConfig config, int top, Map<String, Descriptor> blobs) throws IOException {
    List<Integer> indexes = new ArrayList<>();
    Set<Integer> seen = new HashSet<>();
    for (int at = top; at != -1; at = config.layers().get(at).parent()) {
      if (!seen.add(at)) {
        throw new IOException("invalid looping layer");
      }
      checkLayer(config, at);
      indexes.add(at);
    }
    return layers(config, indexes.reversed(), blobs);
  }

  private static void checkLayer(CacheConfig config, int at) throws IOException {
    if (at < 0 || at >= config.layers().size()) {
      throw new IOException("invalid layer index " + at);
    }
  }

  private static @Nullable List<Descriptor> layers(
      CacheConfig config, List<Integer> indexes, Map<String, Descriptor> blobs) throws IOException {
    List<Descriptor> layers = new ArrayList<>();
    for (int at : indexes) {
      checkLayer(config, at);
      Descriptor blob = blobs.get(config.layers().get(at).blob());
      if (blob == null) {
        return null;
      }
      layers.add(blob);
    }
    return layers;
  }

  private void addResult(String key, @Nullable List<Descriptor> layers, Instant createdAt) {
    if (layers == null || layers.isEmpty()) {
      return;
    }
    StringBuilder digests = new StringBuilder();
    layers.forEach(layer -> digests.append(layer.digest()));
    String id = Sha256.of(digests.toString());
    List<StoredResult> known = results.computeIfAbsent(key, k -> new ArrayList<>());
    if (known.stream().noneMatch(result -> result.id().equals(id))) {
      known.add(new StoredResult(id, createdAt));
      chains.putIfAbsent(id, List.copyOf(layers));
      keysByResult.computeIfAbsent(id, i -> new ArrayList<>()).add(key);
    }
  }

  boolean exists(String key) {
    return links.containsKey(key);
  }

  List<StoredResult> results(String key) {
    return List.copyOf(results.getOrDefault(key, List.of()));
  }

  List<String> targets(String key, KeyLink link) {
    return List.copyOf(links.getOrDefault(key, Map.of()).getOrDefault(link, List.of()));
  }

  List<Backlink> backlinks(String key) {
    return List.copyOf(backlinks.getOrDefault(key, List.of()));
  }

  List<String> keysOf(String result) {
    return List.copyOf(keysByResult.getOrDefault(result, List.of()));
  }

  /** The layers of a result, lowest first; empty if it is not known. */
  List<Descriptor> layers(String result) {
    return chains.getOrDefault(result, List.of());
  }

  /** Names everything in the records, so that equal caches are known as equal. */
  static String name(Digest manifest) {
    return "import@" + manifest.text();
  }
}
