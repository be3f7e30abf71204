package dev.kiln.daemon.cache.exports;

import com.google.protobuf.ByteString;
import dev.kiln.daemon.build.Build;
import dev.kiln.daemon.build.BuildRef;
import dev.kiln.daemon.build.BuildResult;
import dev.kiln.daemon.cache.exports.CacheExporters.Wanted;
import dev.kiln.daemon.cache.imports.OpenCaches;
import dev.kiln.daemon.control.CacheExports;
import dev.kiln.daemon.control.Parallel;
import dev.kiln.daemon.export.Exporter;
import dev.kiln.snapshotter.layer.LayerBlob;
import dev.kiln.snapshotter.ref.RefStore;
import dev.kiln.solver.CacheKey;
import dev.kiln.solver.VertexProgress;
import dev.kiln.solver.cache.LocalCache;
import dev.kiln.solver.export.CacheConfig;
import dev.kiln.solver.export.CacheConfigJson;
import dev.kiln.solver.export.CacheExport;
import dev.kiln.solver.export.CacheRecords;
import dev.kiln.solver.store.CacheStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The cache exports of one request. Safe for use by many threads. */
final class BuildCacheExports implements CacheExports {
  private static final Logger log = LoggerFactory.getLogger(BuildCacheExports.class);

  private final RefStore refs;
  private final CacheExport.Caches caches;
  private final OpenCaches imports;
  private final List<Wanted> wanted;
  private final boolean inline;

  BuildCacheExports(
      RefStore refs, CacheStore local, OpenCaches imports, List<Wanted> wanted, boolean inline) {
    this.refs = refs;
    this.caches = id -> id.equals(LocalCache.ID) ? local : imports.find(id);
    this.imports = imports;
    this.wanted = List.copyOf(wanted);
    this.inline = inline;
  }

  @Override
  public Exporter.@Nullable InlineCache inline(Build build, BuildResult result) {
    return inline ? (platform, layers) -> inlineOf(result, platform, layers) : null;
  }

  private @Nullable ByteString inlineOf(BuildResult result, String platform, List<LayerBlob> layers)
      throws Exception {
    BuildRef ref =
        platform.isEmpty() && !result.isMap() ? result.ref() : result.refs().get(platform);
    if (ref == null) {
      return null;
    }
    CacheRecords records =
        CacheExport.collect(
            ref.evaluate().result().keys(),
            CacheExport.Mode.MIN,
            new DiffIdLayers(refs, imports),
            caches);
    List<String> image = layers.stream().map(layer -> layer.diffId().text()).toList();
    List<CacheConfig.Entry> entries = new InlineRecords(image).of(records.toConfig());
    return entries == null ? null : ByteString.copyFrom(CacheConfigJson.writeRecords(entries));
  }

  @Override
  public Map<String, String> export(Build build, BuildResult result) throws Exception {
    if (wanted.isEmpty()) {
      return Map.of();
    }
    List<CacheKey> keys = new ArrayList<>();
    for (BuildRef ref : imageRefs(result)) {
      keys.addAll(ref.evaluate().result().keys());
    }
    List<Callable<Map<String, String>>> work = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      Wanted each = wanted.get(i);
      String id = build.sessionId() + "-cache-" + i;
      work.add(() -> shown(build, each, id, keys));
    }
    Map<String, String> response = new LinkedHashMap<>();
    Parallel.run(work).forEach(response::putAll);
    return response;
  }

  private static List<BuildRef> imageRefs(BuildResult result) {
    List<BuildRef> found = new ArrayList<>();
    if (result.ref() != null) {
      found.add(result.ref());
    }
    for (BuildRef each : result.refs().values()) {
      if (each != null) {
        found.add(each);
      }
    }
    return found;
  }

  private Map<String, String> shown(Build build, Wanted each, String id, List<CacheKey> keys)
      throws Exception {
    try {
      return build
          .job()
          .inContext(id, each.name(), progress -> exportOne(build, each, keys, progress));
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      if (!each.options().ignoreError()) {
        throw e;
      }
      log.warn("{} failed, which the build ignores: {}", each.name(), e.toString());
      return Map.of();
    }
  }

  private Map<String, String> exportOne(
      Build build, Wanted each, List<CacheKey> keys, VertexProgress progress) throws Exception {
    ExportOptions options = each.options();
    try (ResultLayers layers =
        new ResultLayers(refs, imports, options.compression(), build::sessions)) {
      CacheRecords records =
          progress.oneOff(
              "preparing build cache for export",
              () -> CacheExport.collect(keys, options.mode(), layers, caches));
      return progress.oneOff(
          "sending cache export",
          () ->
              new CacheWriter(each.opening().open(build), options.manifest(), progress)
                  .write(records, layers));
    }
  }
}
