package dev.kiln.daemon.cache.exports;

import dev.kiln.daemon.cache.imports.ImportedCache;
import dev.kiln.daemon.cache.imports.OpenCaches;
import dev.kiln.daemon.worker.RefResult;
import dev.kiln.snapshotter.content.Digest;
import dev.kiln.snapshotter.ref.ImmutableRef;
import dev.kiln.snapshotter.ref.Layer;
import dev.kiln.snapshotter.ref.RefException;
import dev.kiln.snapshotter.ref.RefStore;
import dev.kiln.solver.CacheKey.Stored;
import dev.kiln.solver.cache.LocalCache;
import dev.kiln.solver.export.CacheExport;
import dev.kiln.solver.export.LayerChain;
import dev.kiln.solver.export.LayerDescriptor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Stored results as layers that are known by their diff ids, as far as these are known; makes
 * nothing. For one thread.
 */
final class DiffIdLayers implements CacheExport.Layers {
  private final RefStore refs;
  private final OpenCaches imports;

  DiffIdLayers(RefStore refs, OpenCaches imports) {
    this.refs = refs;
    this.imports = imports;
  }

  @Override
  public Optional<LayerChain> existing(Stored stored) throws IOException {
    List<String> diffIds = diffIds(stored);
    if (diffIds == null || diffIds.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new LayerChain(
            diffIds.stream().map(id -> new LayerDescriptor(id, "", 0, Map.of())).toList(),
            stored.result().createdAt()));
  }

  @Override
  public Optional<LayerChain> create(Stored stored) throws IOException {
    return existing(stored);
  }

  private @Nullable List<String> diffIds(Stored stored) throws IOException {
    if (stored.result().id().equals(RefResult.SCRATCH_ID)) {
      return null;
    }
    if (!stored.cache().equals(LocalCache.ID)) {
      ImportedCache cache = imports.find(stored.cache());
      return cache == null ? null : cache.diffIds(stored.result().id());
    }
    try (ImmutableRef ref = refs.get(stored.result().id())) {
      List<String> diffIds = new ArrayList<>();
      for (Layer layer : ref.layerChain()) {
        Digest diffId = layer.diffId();
        if (diffId == null) {
          return null;
        }
        diffIds.add(diffId.text());
      }
      return diffIds;
    } catch (RefException e) {
      return null;
    }
  }
}
