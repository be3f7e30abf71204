package dev.kiln.daemon.cache.imports;

import dev.kiln.daemon.worker.RefResult;
import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.content.Digest;
import dev.kiln.snapshotter.layer.LayerBlob;
import dev.kiln.snapshotter.ref.BlobProvider;
import dev.kiln.snapshotter.ref.ImmutableRef;
import dev.kiln.snapshotter.ref.RefOptions;
import dev.kiln.snapshotter.ref.RefStore;
import dev.kiln.solver.CacheSource;
import dev.kiln.solver.OpContext;
import dev.kiln.solver.store.Backlink;
import dev.kiln.solver.store.KeyLink;
import dev.kiln.solver.store.StoredResult;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A cache that builds look into. A hit gives a lazy tree: its layers stay where they are until
 * something needs them. Safe for use by many threads.
 */
public final class ImportedCache implements CacheSource {
  private static final String DESCRIPTION = "buildkit/description";

  private final String id;
  private final ImportedRecords records;
  private final CacheOrigin origin;
  private final RefStore refs;

  ImportedCache(String id, ImportedRecords records, CacheOrigin origin, RefStore refs) {
    this.id = id;
    this.records = records;
    this.origin = origin;
    this.refs = refs;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public boolean exists(String key) {
    return records.exists(key);
  }

  @Override
  public List<StoredResult> results(String key) {
    return records.results(key);
  }

  @Override
  public List<String> targets(String key, KeyLink link) {
    return records.targets(key, link);
  }

  @Override
  public List<Backlink> backlinks(String key) {
    return records.backlinks(key);
  }

  @Override
  public List<String> keysOf(String resultId) {
    return records.keysOf(resultId);
  }

  /** A result of a key below that is part of a wanted one. */
  private record Part(String key, StoredResult stored, int layers) {}

  @Override
  public List<Loaded> load(String key, StoredResult result, OpContext context) throws IOException {
    List<Descriptor> layers = records.layers(result.id());
    Map<Integer, ImmutableRef> trees = trees(layers, context::sessions);
    try {
      List<Loaded> loaded = new ArrayList<>();
      for (Part part : parts(key, result, layers)) {
        ImmutableRef tree = trees.get(part.layers());
        if (tree != null) {
          loaded.add(new Loaded(part.key(), part.stored(), new RefResult(tree.retain())));
        }
      }
      return loaded;
    } finally {
      trees.values().forEach(ImmutableRef::close);
    }
  }

  /** The result itself first, then those of its inputs whose layers are the lowest of its own. */
  private List<Part> parts(String top, StoredResult result, List<Descriptor> layers) {
    List<Part> parts = new ArrayList<>(List.of(new Part(top, result, layers.size())));
    Set<String> seen = new HashSet<>(List.of(top));
    Deque<String> open = new ArrayDeque<>(List.of(top));
    while (!open.isEmpty()) {
      for (Backlink backlink : records.backlinks(open.pop())) {
        String key = backlink.source();
        if (!seen.add(key)) {
          continue;
        }
        open.push(key);
        for (StoredResult each : records.results(key)) {
          List<Descriptor> below = records.layers(each.id());
          if (below.size() <= layers.size() && layers.subList(0, below.size()).equals(below)) {
            parts.add(new Part(key, each, below.size()));
            break;
          }
        }
      }
    }
    return parts;
  }

  /** A lazy tree for each number of layers, from one to all of them. */
  private Map<Integer, ImmutableRef> trees(List<Descriptor> layers, Supplier<List<String>> sessions)
      throws IOException {
    BlobProvider provider = origin.provider(sessions);
    Map<Integer, ImmutableRef> trees = new HashMap<>();
    ImmutableRef top = null;
    boolean whole = false;
    try {
      for (Descriptor layer : layers) {
        top = refs.layer(top, origin.located(layer), diffId(layer), provider, options(layer));
        trees.put(trees.size() + 1, top);
      }
      whole = true;
      return trees;
    } finally {
      if (!whole) {
        trees.values().forEach(ImmutableRef::close);
      }
    }
  }

  private static Digest diffId(Descriptor layer) throws IOException {
    String diffId = layer.annotation(LayerBlob.UNCOMPRESSED);
    if (diffId == null || !Digest.isValid(diffId)) {
      throw new IOException(
          "could not use cached layer " + layer.digest() + ": its diff id is not told");
    }
    return new Digest(diffId);
  }

  private static RefOptions options(Descriptor layer) {
    String told = layer.annotation(DESCRIPTION);
    RefOptions options = RefOptions.described(told == null ? "imported " + layer.digest() : told);
    String createdAt = layer.annotation(LayerBlob.CREATED_AT);
    if (createdAt == null) {
      return options;
    }
    try {
      return options.createdAt(Instant.parse(createdAt));
    } catch (DateTimeParseException e) {
      return options;
    }
  }

  /**
   * A lazy tree of a result whose layers can all be read, for bringing them out again.
   *
   * @return a handle for the caller; null when a layer is gone
   */
  public @Nullable ImmutableRef readable(String result, Supplier<List<String>> sessions)
      throws IOException {
    List<Descriptor> layers = records.layers(result);
    for (Descriptor layer : layers) {
      if (!refs.content().contains(layer.digest()) && !origin.has(layer, sessions)) {
        return null;
      }
    }
    Map<Integer, ImmutableRef> trees = trees(layers, sessions);
    ImmutableRef whole = trees.remove(layers.size());
    trees.values().forEach(ImmutableRef::close);
    return whole;
  }

  /** The diff ids of a result's layers, lowest first; null when they are not told. */
  public @Nullable List<String> diffIds(String result) {
    List<String> diffIds = new ArrayList<>();
    for (Descriptor layer : records.layers(result)) {
      String diffId = layer.annotation(LayerBlob.UNCOMPRESSED);
      if (diffId == null) {
        return null;
      }
      diffIds.add(diffId);
    }
    return diffIds;
  }
}
