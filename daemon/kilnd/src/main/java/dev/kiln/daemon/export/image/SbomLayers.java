package dev.kiln.daemon.export.image;

import dev.kiln.daemon.worker.Version;
import dev.kiln.snapshotter.content.ContentStore;
import dev.kiln.snapshotter.content.Digest;
import dev.kiln.snapshotter.layer.Decompressor;
import dev.kiln.snapshotter.layer.LayerBlob;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Notes in an SPDX document for each file from which layer of the image it comes
 * (exporters-and-cache.md, section 3.3). Layers are read from the top down, only as far as files
 * are still missing, and only those that are here already. For one thread.
 */
final class SbomLayers {
  private static final String COMMENT = "comment";
  private static final String WHITEOUT = ".wh.";

  private final ContentStore store;
  private final List<LayerBlob> layers;
  private final Map<String, Digest> found = new HashMap<>();
  private int unread;

  SbomLayers(ContentStore store, List<LayerBlob> layers) {
    this.store = store;
    this.layers = layers;
    this.unread = layers.size();
  }

  /** Adds the notes; a file that has a comment keeps it. */
  void supplement(ObjectNode document) throws IOException {
    addTo(document.path("files"));
    for (JsonNode part : document.path("packages")) {
      addTo(part.path("files"));
    }
    ObjectNode creation =
        document.path("creationInfo") instanceof ObjectNode given
            ? given
            : document.putObject("creationInfo");
    ArrayNode creators =
        creation.path("creators") instanceof ArrayNode given
            ? given
            : creation.putArray("creators");
    creators.add("Tool: kiln-" + Version.KILN);
  }

  private void addTo(JsonNode files) throws IOException {
    for (JsonNode each : files) {
      if (each instanceof ObjectNode file && file.path(COMMENT).asString("").isEmpty()) {
        Digest layer = find(file.path("fileName").asString(""));
        if (layer != null) {
          file.put(COMMENT, "layerID: " + layer.text());
        }
      }
    }
  }

  private @Nullable Digest find(String name) throws IOException {
    String path = normal(name);
    while (!found.containsKey(path) && unread > 0) {
      unread--;
      read(layers.get(unread));
    }
    return found.get(path);
  }

  private void read(LayerBlob layer) throws IOException {
    Digest blob = layer.descriptor().digest();
    if (!store.contains(blob)) {
      return;
    }
    try (InputStream raw = store.openStream(blob);
        InputStream plain = Decompressor.open(raw);
        TarArchiveInputStream tar = new TarArchiveInputStream(plain, "UTF-8")) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        String path = normal(entry.getName());
        if (!path.substring(path.lastIndexOf('/') + 1).startsWith(WHITEOUT)) {
          found.putIfAbsent(path, blob);
        }
      }
    }
  }

  private static String normal(String name) {
    return Path.of("/", name).normalize().toString();
  }
}
