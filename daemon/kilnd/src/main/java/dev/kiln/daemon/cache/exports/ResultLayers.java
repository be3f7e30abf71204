package dev.kiln.daemon.cache.exports;

import dev.kiln.daemon.cache.imports.ImportedCache;
import dev.kiln.daemon.cache.imports.OpenCaches;
import dev.kiln.daemon.worker.RefResult;
import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.content.Digest;
import dev.kiln.snapshotter.layer.CompressionOptions;
import dev.kiln.snapshotter.layer.LayerBlob;
import dev.kiln.snapshotter.ref.ImmutableRef;
import dev.kiln.snapshotter.ref.LayerProgress;
import dev.kiln.snapshotter.ref.RefException;
import dev.kiln.snapshotter.ref.RefStore;
import dev.kiln.solver.CacheKey.Stored;
import dev.kiln.solver.cache.LocalCache;
import dev.kiln.solver.export.CacheExport;
import dev.kiln.solver.export.LayerChain;
import dev.kiln.solver.export.LayerDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Stored results as layers, and the bytes of these. Trees are held until this is closed. Used by
 * one thread until all layers are known; then blobs may be opened by many.
 */
final class ResultLayers implements CacheExport.Layers, AutoCloseable {
  private final RefStore refs;
  private final OpenCaches imports;
  private final CompressionOptions options;
  private final Supplier<List<String>> sessions;
  private final List<ImmutableRef> held = new ArrayList<>();
  private final Map<String, ImmutableRef> owners = new HashMap<>();
  private final Map<String, Optional<ImmutableRef>> known = new HashMap<>();

  ResultLayers(
      RefStore refs,
      OpenCaches imports,
      CompressionOptions options,
      Supplier<List<String>> sessions) {
    this.refs = refs;
    this.imports = imports;
    this.options = options;
    this.sessions = sessions;
  }

  @Override
  public Optional<LayerChain> existing(Stored stored) throws Exception {
    return chain(stored, false);
  }

  @Override
  public Optional<LayerChain> create(Stored stored) throws Exception {
    return chain(stored, true);
  }

  private Optional<LayerChain> chain(Stored stored, boolean make) throws IOException {
    if (stored.result().id().equals(RefResult.SCRATCH_ID)) {
      return Optional.empty();
    }
    ImmutableRef ref = ref(stored);
    if (ref == null) {
      return Optional.empty();
    }
    Optional<List<LayerBlob>> blobs =
        make ? Optional.of(ref.remote(options)) : ref.existingRemote(options);
    return blobs.map(
        layers -> {
          layers.forEach(l -> owners.putIfAbsent(l.descriptor().digest().text(), ref));
          return new LayerChain(
              layers.stream().map(l -> describe(l.descriptor())).toList(),
              stored.result().createdAt());
        });
  }

  /** The tree of a result; one that only an imported cache has becomes a lazy tree here. */
  private @Nullable ImmutableRef ref(Stored stored) throws IOException {
    String id = stored.cache() + " " + stored.result().id();
    Optional<ImmutableRef> found = known.get(id);
    if (found == null) {
      found = Optional.ofNullable(find(stored));
      found.ifPresent(held::add);
      known.put(id, found);
    }
    return found.orElse(null);
  }

  private @Nullable ImmutableRef find(Stored stored) throws IOException {
    if (stored.cache().equals(LocalCache.ID)) {
      try {
        return refs.get(stored.result().id());
      } catch (RefException e) {
        return null;
      }
    }
    ImportedCache cache = imports.find(stored.cache());
    return cache == null ? null : cache.readable(stored.result().id(), sessions);
  }

  private static LayerDescriptor describe(Descriptor blob) {
    return new LayerDescriptor(
        blob.digest().text(), blob.mediaType(), blob.size(), blob.annotations());
  }

  /** The descriptor that a cache's manifest has for a layer. */
  static Descriptor describe(LayerDescriptor layer) {
    Map<String, String> kept = new HashMap<>(layer.annotations());
    kept.keySet().removeIf(key -> key.startsWith("containerd.io/distribution.source."));
    return new Descriptor(layer.mediaType(), new Digest(layer.digest()), layer.size(), kept);
  }

  /** Opens a layer's blob; a lazy one is fetched. */
  InputStream open(LayerDescriptor layer) throws IOException {
    Digest digest = new Digest(layer.digest());
    ImmutableRef owner = owners.get(layer.digest());
    if (owner != null && !refs.content().contains(digest)) {
      owner.ensureBlobs(LayerProgress.NONE);
    }
    return refs.content().openStream(digest);
  }

  @Override
  public void close() {
    held.forEach(ImmutableRef::close);
    held.clear();
  }
}
