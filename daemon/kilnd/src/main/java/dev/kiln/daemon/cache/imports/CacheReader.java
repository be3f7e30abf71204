package dev.kiln.daemon.cache.imports;

import dev.kiln.registry.image.ImageConfig;
import dev.kiln.registry.image.ImageIndex;
import dev.kiln.registry.image.ImageManifest;
import dev.kiln.registry.image.ManifestEntry;
import dev.kiln.registry.image.ManifestSniffer;
import dev.kiln.registry.image.MediaTypes;
import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.content.Digest;
import dev.kiln.snapshotter.layer.LayerBlob;
import dev.kiln.snapshotter.ref.RefStore;
import dev.kiln.solver.VertexProgress;
import dev.kiln.solver.export.CacheConfig;
import dev.kiln.solver.export.CacheConfigJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a cache from its origin: an image manifest or a list with a cache config, else the inline
 * caches of images (exporters-and-cache.md, section 4). For one thread.
 */
final class CacheReader {
  private static final String INLINE_FIELD = "moby.buildkit.cache.v0";

  private final CacheOrigin origin;
  private final VertexProgress progress;

  CacheReader(CacheOrigin origin, VertexProgress progress) {
    this.origin = origin;
    this.progress = progress;
  }

  /** Reads the cache; nothing but manifests and configs is fetched. */
  ImportedCache read(RefStore refs) throws Exception {
    Descriptor root = origin.root();
    byte[] manifest = origin.read(root);
    String mediaType = ManifestSniffer.mediaTypeOf(manifest);
    progress.oneOff("inferred cache manifest type: " + mediaType, () -> "");
    String id = ImportedRecords.name(root.digest());
    ImportedRecords records = new ImportedRecords(id + "/");
    Map<String, Descriptor> blobs = new LinkedHashMap<>();
    Descriptor config = split(manifest, mediaType, blobs);
    if (config != null) {
      records.add(CacheConfigJson.read(origin.read(config)), blobs);
    } else {
      Map<Digest, byte[]> images = new LinkedHashMap<>();
      collectImages(manifest, mediaType, images);
      for (byte[] image : images.values()) {
        addInline(ImageManifest.parse(image), records);
      }
    }
    return new ImportedCache(id, records, origin, refs);
  }

  /** Takes the layers of a manifest or list; returns the cache config, null if there is none. */
  private static @org.jspecify.annotations.Nullable Descriptor split(
      byte[] manifest, String mediaType, Map<String, Descriptor> blobs) throws IOException {
    List<Descriptor> all = new ArrayList<>();
    if (MediaTypes.isIndex(mediaType)) {
      ImageIndex.parse(manifest).manifests().forEach(entry -> all.add(entry.descriptor()));
    } else {
      ImageManifest parsed = ImageManifest.parse(manifest);
      all.add(parsed.config());
      all.addAll(parsed.layers());
    }
    Descriptor config = null;
    for (Descriptor each : all) {
      if (each.mediaType().equals(CacheConfig.MEDIA_TYPE)) {
        config = each;
      } else {
        blobs.put(each.digest().text(), each);
      }
    }
    return config;
  }

  private void collectImages(byte[] manifest, String mediaType, Map<Digest, byte[]> images)
      throws IOException {
    if (MediaTypes.isIndex(mediaType)) {
      for (ManifestEntry entry : ImageIndex.parse(manifest).manifests()) {
        if (!images.containsKey(entry.descriptor().digest())) {
          byte[] below = origin.read(entry.descriptor());
          collectImages(below, ManifestSniffer.mediaTypeOf(below), images);
        }
      }
    } else {
      images.put(Digest.of(manifest), manifest);
    }
  }

  private void addInline(ImageManifest image, ImportedRecords records) throws IOException {
    if (image.layers().isEmpty() || MediaTypes.IN_TOTO.equals(image.layers().get(0).mediaType())) {
      return;
    }
    byte[] json = origin.read(image.config());
    ImageConfig config = ImageConfig.parse(json);
    byte[] inline = inline(json);
    if (config.diffIds().size() != image.layers().size() || inline.length == 0) {
      return;
    }
    List<ImageConfig.HistoryEntry> history =
        config.history().stream().filter(entry -> !entry.emptyLayer()).toList();
    Map<String, Descriptor> blobs = new HashMap<>();
    List<CacheConfig.Layer> layers = new ArrayList<>();
    for (int i = 0; i < image.layers().size(); i++) {
      Descriptor layer =
          image
              .layers()
              .get(i)
              .withAnnotation(LayerBlob.UNCOMPRESSED, config.diffIds().get(i).text());
      if (i < history.size()) {
        layer = described(layer, history.get(i));
      }
      blobs.put(layer.digest().text(), layer);
      layers.add(new CacheConfig.Layer(layer.digest().text(), i - 1, null));
    }
    records.add(new CacheConfig(layers, CacheConfigJson.readRecords(inline)), blobs);
  }

  private static Descriptor described(Descriptor layer, ImageConfig.HistoryEntry step) {
    Descriptor out = layer;
    if (!step.created().isEmpty()) {
      out = out.withAnnotation(LayerBlob.CREATED_AT, step.created());
    }
    if (!step.createdBy().isEmpty()) {
      out = out.withAnnotation("buildkit/description", step.createdBy());
    }
    return out;
  }

  private static byte[] inline(byte[] config) throws IOException {
    try {
      JsonNode field = JsonMapper.shared().readTree(config).path(INLINE_FIELD);
      return field.isString() ? Base64.getDecoder().decode(field.stringValue()) : new byte[0];
    } catch (JacksonException | IllegalArgumentException e) {
      throw new IOException("could not read an inline cache: " + e.getMessage(), e);
    }
  }
}
