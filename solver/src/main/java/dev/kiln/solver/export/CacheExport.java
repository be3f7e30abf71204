package dev.kiln.solver.export;

import dev.kiln.solver.CacheKey;
import dev.kiln.solver.CacheKey.Export;
import dev.kiln.solver.CacheKey.Link;
import dev.kiln.solver.CacheKey.SecondaryLink;
import dev.kiln.solver.CacheKey.Stored;
import dev.kiln.solver.cache.LocalCache;
import dev.kiln.solver.export.CacheRecords.Item;
import dev.kiln.solver.export.CacheRecords.Source;
import dev.kiln.solver.store.KeyReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects what the keys of a build's results lead to (cache-keys.md, section 7.1). Works without
 * recursion. One object makes one export; not thread-safe.
 */
public final class CacheExport {
  /** How much is exported. */
  public enum Mode {
    /** Results of the build; of what is below only what is in blobs already. */
    MIN,
    /** Everything, making blobs where there are none. */
    MAX
  }

  /** Turns stored results into layers. */
  public interface Layers {
    /** The layers of a result if all are blobs already; empty if not, or if the result is gone. */
    Optional<LayerChain> existing(Stored stored) throws Exception;

    /** The layers of a result, made into blobs where needed; empty if the result is gone. */
    Optional<LayerChain> create(Stored stored) throws Exception;
  }

  /** Finds the caches that keys were met in. */
  @FunctionalInterface
  public interface Caches {
    /** The cache of that name, null when it is not at hand any more. */
    @Nullable KeyReader find(String id);

    /** The local cache alone. */
    static Caches only(KeyReader local) {
      return id -> id.equals(LocalCache.ID) ? local : null;
    }
  }

  private enum Depth {
    ALL,
    UNTIL_FIRST,
    EXISTING_ONLY
  }

  private final CacheRecords records = new CacheRecords();
  private final Layers layers;
  private final Backlinks backlinks;
  private final Map<CacheKey, List<Item>> done = new HashMap<>();

  private CacheExport(Layers layers, Caches caches) {
    this.layers = layers;
    this.backlinks = new Backlinks(caches, records);
  }

  /**
   * Collects records.
   *
   * @param keys the keys of all results of the build
   * @param caches where other ways to the same results are known
   * @throws Exception if layers could not be made
   */
  public static CacheRecords collect(
      Collection<CacheKey> keys, Mode mode, Layers layers, Caches caches) throws Exception {
    CacheExport export = new CacheExport(layers, caches);
    for (CacheKey key : keys) {
      export.walk(key, mode == Mode.MAX ? Depth.ALL : Depth.UNTIL_FIRST);
    }
    return export.records;
  }

  /** A key that is being exported. */
  private static final class Frame {
    final CacheKey key;
    final @Nullable Export info;
    final List<CacheKey> below = new ArrayList<>();
    Depth depth;
    List<LayerChain> results = List.of();
    boolean expanded;

    Frame(CacheKey key, Depth depth) {
      this.key = key;
      this.info = key.export();
      this.depth = depth;
    }
  }

  private void walk(CacheKey top, Depth depth) throws Exception {
    Deque<Frame> stack = new ArrayDeque<>();
    stack.push(new Frame(top, depth));
    while (!stack.isEmpty()) {
      Frame frame = stack.peek();
      if (frame.expanded) {
        stack.pop();
        done.put(frame.key, add(frame));
      } else if (done.containsKey(frame.key)) {
        stack.pop();
      } else {
        done.put(frame.key, List.of());
        expand(frame);
        for (CacheKey key : frame.below) {
          if (!done.containsKey(key)) {
            stack.push(new Frame(key, frame.depth));
          }
        }
      }
    }
  }

  private void expand(Frame frame) throws Exception {
    frame.expanded = true;
    frame.results = results(frame);
    if (!frame.results.isEmpty() && frame.depth == Depth.UNTIL_FIRST) {
      frame.depth = Depth.EXISTING_ONLY;
    }
    frame.key.deps().forEach(d -> d.forEach(l -> frame.below.add(l.key())));
    if (frame.info != null) {
      frame.info.secondary().get().forEach(s -> frame.below.add(s.link().key()));
      frame.below.addAll(frame.info.nested());
    }
  }

  /** Keys without inputs have no results of their own: these are sources, not worth a copy. */
  private List<LayerChain> results(Frame frame) throws Exception {
    Export info = frame.info;
    if (info == null || frame.key.deps().isEmpty() || Boolean.FALSE.equals(info.exportCache())) {
      return List.of();
    }
    List<Stored> candidates = new ArrayList<>();
    if (info.used() != null) {
      candidates.add(info.used());
    }
    candidates.addAll(info.records().get());
    for (Stored stored : candidates) {
      Optional<LayerChain> chain = layers.existing(stored);
      if (chain.isEmpty() && frame.depth != Depth.EXISTING_ONLY) {
        chain = layers.create(stored);
      }
      if (chain.isPresent()) {
        return List.of(chain.get());
      }
    }
    return List.of();
  }

  private List<Item> add(Frame frame) {
    List<Set<Source>> sources = new ArrayList<>();
    for (List<Link> alternatives : frame.key.deps()) {
      Set<Source> of = new LinkedHashSet<>();
      alternatives.forEach(l -> addSources(l, of));
      sources.add(of);
    }
    if (frame.info != null) {
      for (SecondaryLink s : frame.info.secondary().get()) {
        if (s.input() < sources.size()) {
          addSources(s.link(), sources.get(s.input()));
        }
      }
    }
    backlinks.add(frame.key);
    if (sources.stream().anyMatch(Set::isEmpty)) {
      return List.of();
    }
    if (frame.info != null && frame.info.used() != null && frame.key.deps().isEmpty()) {
      backlinks.addEqualLeaves(frame.info.used());
    }
    List<Item> items = new ArrayList<>();
    List<List<Source>> inputs = sources.stream().map(List::copyOf).toList();
    Item item = records.add(frame.key.recordDigest(), inputs, frame.results);
    if (item != null) {
      items.add(item);
    }
    if (frame.info != null) {
      frame.info.nested().forEach(k -> items.addAll(done.getOrDefault(k, List.of())));
    }
    return items;
  }

  private void addSources(Link link, Set<Source> into) {
    for (Item item : done.getOrDefault(link.key(), List.of())) {
      into.add(new Source(item, link.selector()));
    }
  }
}
