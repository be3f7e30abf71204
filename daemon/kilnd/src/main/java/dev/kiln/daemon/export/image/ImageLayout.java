package dev.kiln.daemon.export.image;

import dev.kiln.registry.image.ImageIndex;
import dev.kiln.registry.image.ImageManifest;
import dev.kiln.registry.image.ManifestEntry;
import dev.kiln.registry.image.MediaTypes;
import dev.kiln.registry.reference.ImageReference;
import dev.kiln.registry.transfer.ManifestStore;
import dev.kiln.snapshotter.content.ContentStore;
import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.content.Digest;
import dev.kiln.solver.pb.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * An image as an OCI layout (OCI image-spec, image-layout.md), with Docker's own manifest.json
 * where {@code docker load} shall read it. For one thread.
 */
final class ImageLayout {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int FILE_MODE = 0444;
  private static final int DIRECTORY_MODE = 0755;

  private final ContentStore store;
  private final Descriptor root;
  private final @Nullable Platform platform;
  private final List<ImageReference> names;
  private final Map<Digest, Descriptor> blobs = new LinkedHashMap<>();
  private @Nullable ImageManifest firstManifest;

  ImageLayout(
      ContentStore store, Descriptor root, @Nullable Platform platform, List<ImageReference> names)
      throws IOException {
    this.store = store;
    this.root = root;
    this.platform = platform;
    this.names = List.copyOf(names);
    collect(root);
  }

  /** Every blob that the image is made of, children before parents. */
  List<Descriptor> blobs() {
    return List.copyOf(blobs.values());
  }

  private void collect(Descriptor node) throws IOException {
    if (blobs.containsKey(node.digest())) {
      return;
    }
    if (MediaTypes.isIndex(node.mediaType())) {
      byte[] json = store.read(node.digest(), ManifestStore.MAX_DOCUMENT_BYTES);
      for (ManifestEntry entry : ImageIndex.parse(json).manifests()) {
        collect(entry.descriptor());
      }
    } else if (MediaTypes.isManifest(node.mediaType())) {
      byte[] json = store.read(node.digest(), ManifestStore.MAX_DOCUMENT_BYTES);
      ImageManifest manifest = ImageManifest.parse(json);
      if (firstManifest == null) {
        firstManifest = manifest;
      }
      collect(manifest.config());
      for (Descriptor layer : manifest.layers()) {
        if (!MediaTypes.isNonDistributable(layer.mediaType()) || store.contains(layer.digest())) {
          collect(layer);
        }
      }
    }
    blobs.put(node.digest(), node);
  }

  /**
   * Writes the layout as a tar, entries sorted by name.
   *
   * @param docker whether with Docker's manifest.json
   */
  void write(OutputStream out, boolean docker) throws IOException {
    TreeMap<String, Entry> entries = new TreeMap<>();
    entries.put("blobs/", Entry.DIRECTORY);
    for (Descriptor blob : blobs.values()) {
      entries.put("blobs/" + blob.digest().algorithm() + "/", Entry.DIRECTORY);
      entries.put(pathOf(blob.digest()), new Entry(blob, null));
    }
    entries.put("index.json", Entry.of(index()));
    entries.put(
        "oci-layout",
        Entry.of("{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8)));
    if (docker) {
      entries.put("manifest.json", Entry.of(dockerManifest()));
    }
    TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8");
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    for (Map.Entry<String, Entry> each : entries.entrySet()) {
      put(tar, each.getKey(), each.getValue());
    }
    tar.finish();
    tar.flush();
  }

  /** A folder, a blob of the store, or bytes. */
  @SuppressWarnings("ArrayRecordComponent") // written once, never compared
  private record Entry(@Nullable Descriptor blob, byte @Nullable [] bytes) {
    static final Entry DIRECTORY = new Entry(null, null);

    static Entry of(byte[] bytes) {
      return new Entry(null, bytes);
    }
  }

  private static String pathOf(Digest digest) {
    return "blobs/" + digest.algorithm() + "/" + digest.hex();
  }

  private void put(TarArchiveOutputStream tar, String name, Entry entry) throws IOException {
    boolean directory = entry.blob() == null && entry.bytes() == null;
    TarArchiveEntry header =
        new TarArchiveEntry(name, directory ? TarConstants.LF_DIR : TarConstants.LF_NORMAL);
    header.setMode(directory ? DIRECTORY_MODE : FILE_MODE);
    header.setModTime(0);
    if (entry.blob() != null) {
      header.setSize(entry.blob().size());
      tar.putArchiveEntry(header);
      try (InputStream in = store.openStream(entry.blob().digest())) {
        in.transferTo(tar);
      }
    } else {
      byte[] bytes = entry.bytes() == null ? new byte[0] : entry.bytes();
      header.setSize(bytes.length);
      tar.putArchiveEntry(header);
      tar.write(bytes);
    }
    tar.closeArchiveEntry();
  }

  private byte[] index() {
    ObjectNode index = NODES.objectNode();
    index.put("schemaVersion", 2);
    index.put("mediaType", MediaTypes.OCI_INDEX);
    ArrayNode manifests = index.putArray("manifests");
    if (names.isEmpty()) {
      manifests.add(ManifestJson.descriptor(root, platform));
    }
    for (ImageReference name : names) {
      Descriptor named =
          root.withAnnotation("io.containerd.image.name", name.toString())
              .withAnnotation("org.opencontainers.image.ref.name", name.tag().orElse("latest"));
      manifests.add(ManifestJson.descriptor(named, platform));
    }
    return GoJsonText.compact(index);
  }

  private byte[] dockerManifest() {
    ArrayNode list = NODES.arrayNode();
    if (firstManifest != null) {
      ObjectNode one = list.addObject();
      one.put("Config", pathOf(firstManifest.config().digest()));
      ArrayNode tags = one.putArray("RepoTags");
      names.forEach(name -> tags.add(name.familiar()));
      ArrayNode layers = one.putArray("Layers");
      firstManifest.layers().forEach(layer -> layers.add(pathOf(layer.digest())));
    }
    return GoJsonText.compact(list);
  }
}
