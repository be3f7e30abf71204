package dev.kiln.daemon.provenance;

import dev.kiln.daemon.build.Evaluated;
import dev.kiln.daemon.export.image.LayerTypes;
import dev.kiln.daemon.export.image.ManifestJson;
import dev.kiln.snapshotter.layer.Compression;
import dev.kiln.snapshotter.layer.CompressionOptions;
import dev.kiln.snapshotter.layer.LayerBlob;
import dev.kiln.snapshotter.ref.ImmutableRef;
import dev.kiln.snapshotter.ref.RefException;
import dev.kiln.snapshotter.ref.RefStore;
import dev.kiln.solver.CacheKey;
import dev.kiln.solver.Edge;
import dev.kiln.solver.Job;
import dev.kiln.solver.Vertex;
import dev.kiln.solver.cache.LocalCache;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** Finds the layers that steps came to, as far as they are blobs already. Stateless. */
final class LayerLists {
  private static final CompressionOptions ANY = CompressionOptions.of(Compression.GZIP);

  /**
   * Graphs with more vertices are told without layers: each step's list holds those of the steps
   * below it, so together they grow with the square.
   */
  private static final int MAX_VERTICES = 1000;

  private LayerLists() {}

  /** See {@link Facts#layers}. */
  static Map<String, List<ObjectNode>> of(Job job, Evaluated evaluated, RefStore refs)
      throws IOException {
    if (evaluated.graph().vertices().size() > MAX_VERTICES) {
      return Map.of();
    }
    Map<String, Set<Integer>> outputs = new HashMap<>();
    Edge top = evaluated.graph().result();
    outputs.computeIfAbsent(top.vertex().digest(), each -> new HashSet<>()).add(top.output());
    for (Vertex vertex : evaluated.graph().vertices()) {
      for (Edge input : vertex.inputs()) {
        outputs
            .computeIfAbsent(input.vertex().digest(), each -> new HashSet<>())
            .add(input.output());
      }
    }
    Map<String, List<ObjectNode>> found = new LinkedHashMap<>();
    for (Vertex vertex : evaluated.graph().vertices()) {
      for (int output : outputs.getOrDefault(vertex.digest(), Set.of())) {
        List<ObjectNode> layers = layers(job.keys(new Edge(vertex, output)), refs);
        if (!layers.isEmpty()) {
          found.put(vertex.clientDigest() + ":" + output, layers);
        }
      }
    }
    return found;
  }

  private static List<ObjectNode> layers(List<CacheKey> keys, RefStore refs) throws IOException {
    for (CacheKey key : keys) {
      CacheKey.Export export = key.export();
      if (export == null) {
        continue;
      }
      // Of several results for a key the one that this build used tells what it came to.
      List<CacheKey.Stored> candidates =
          export.used() != null ? List.of(export.used()) : export.records().get();
      for (CacheKey.Stored stored : candidates) {
        List<ObjectNode> layers = layers(stored, refs);
        if (!layers.isEmpty()) {
          return layers;
        }
      }
    }
    return List.of();
  }

  private static List<ObjectNode> layers(CacheKey.Stored stored, RefStore refs) throws IOException {
    if (!stored.cache().equals(LocalCache.ID)) {
      return List.of();
    }
    try (ImmutableRef ref = refs.get(stored.result().id())) {
      return ref.existingRemote(ANY).orElse(List.of()).stream()
          .map(LayerBlob::descriptor)
          .map(LayerTypes::withoutInternal)
          .map(layer -> ManifestJson.descriptor(layer, null))
          .toList();
    } catch (RefException e) {
      // Pruned meanwhile, or the empty tree: there are no layers to tell of.
      return List.of();
    }
  }
}
