package dev.kiln.daemon.cache.exports;

import dev.kiln.daemon.control.Parallel;
import dev.kiln.daemon.export.image.ManifestJson;
import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.content.Digest;
import dev.kiln.solver.VertexProgress;
import dev.kiln.solver.export.CacheConfig;
import dev.kiln.solver.export.CacheConfigJson;
import dev.kiln.solver.export.CacheRecords;
import dev.kiln.solver.export.LayerDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** Writes collected records to a target: layers, config, manifest, in this order. */
final class CacheWriter {
  private final CacheTarget target;
  private final CacheManifest form;
  private final VertexProgress progress;

  CacheWriter(CacheTarget target, CacheManifest form, VertexProgress progress) {
    this.target = target;
    this.form = form;
    this.progress = progress;
  }

  /**
   * Writes everything.
   *
   * @return entries for the response
   */
  Map<String, String> write(CacheRecords records, ResultLayers blobs) throws Exception {
    CacheConfig config = records.toConfig();
    if (config.layers().isEmpty()) {
      progress.oneOff("skipping cache export for empty result", () -> "");
      return Map.of();
    }
    Map<String, LayerDescriptor> byDigest = records.layers();
    Map<String, LayerDescriptor> unique = new LinkedHashMap<>();
    List<Descriptor> layers = new ArrayList<>();
    for (CacheConfig.Layer layer : config.layers()) {
      LayerDescriptor found = byDigest.get(layer.blob());
      if (found == null) {
        throw new IOException("missing blob " + layer.blob());
      }
      unique.put(layer.blob(), found);
      layers.add(ResultLayers.describe(found));
    }
    writeLayers(unique, blobs);
    Descriptor configBlob = writeConfig(CacheConfigJson.write(config));
    return writeManifest(form.write(layers, configBlob));
  }

  private void writeLayers(Map<String, LayerDescriptor> layers, ResultLayers blobs)
      throws Exception {
    List<Callable<String>> each = new ArrayList<>();
    for (LayerDescriptor layer : layers.values()) {
      Descriptor blob =
          new Descriptor(
              layer.mediaType(), new Digest(layer.digest()), layer.size(), layer.annotations());
      each.add(
          () ->
              progress.oneOff(
                  "writing layer " + layer.digest(),
                  () -> {
                    target.blob(blob, () -> blobs.open(layer));
                    return "";
                  }));
    }
    var _ = Parallel.run(each);
  }

  private Descriptor writeConfig(byte[] bytes) throws Exception {
    Descriptor config = new Descriptor(CacheConfig.MEDIA_TYPE, Digest.of(bytes), bytes.length);
    return progress.oneOff(
        "writing config " + config.digest(),
        () -> {
          target.blob(config, () -> new ByteArrayInputStream(bytes));
          return config;
        });
  }

  private Map<String, String> writeManifest(byte[] bytes) throws Exception {
    Descriptor manifest = new Descriptor(form.mediaType(), Digest.of(bytes), bytes.length);
    return progress.oneOff(
        "writing " + form.name() + " " + manifest.digest(),
        () -> {
          target.manifest(manifest, bytes);
          byte[] json = ManifestJson.compact(ManifestJson.descriptor(manifest, null));
          return Map.of("cache.manifest", new String(json, StandardCharsets.UTF_8));
        });
  }
}
