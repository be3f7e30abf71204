package dev.kiln.cli.build;

import dev.kiln.snapshotter.content.Digest;
import dev.kiln.wire.blobs.BlobDirectory;
import dev.kiln.wire.blobs.BlobStore;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The blobs of an OCI layout that its index does not lead to. */
final class UnusedBlobs {
  private static final long MAX_DOCUMENT_BYTES = 16L << 20;

  private final Path folder;
  private final Set<String> used = new HashSet<>();

  UnusedBlobs(Path folder) {
    this.folder = folder;
  }

  /** Deletes them. */
  void remove() throws IOException {
    BlobDirectory blobs = new BlobDirectory(folder);
    mark(JsonMapper.shared().readTree(Files.readAllBytes(folder.resolve("index.json"))), blobs);
    for (BlobStore.Blob blob : blobs.list()) {
      if (!used.contains(blob.digest().toString())) {
        Digest digest = blob.digest();
        Files.deleteIfExists(
            folder.resolve("blobs").resolve(digest.algorithm()).resolve(digest.hex()));
      }
    }
  }

  private void mark(JsonNode document, BlobDirectory blobs) throws IOException {
    for (String list : List.of("manifests", "layers")) {
      for (JsonNode entry : document.path(list)) {
        follow(entry, blobs);
      }
    }
    if (document.path("config").isObject()) {
      follow(document.path("config"), blobs);
    }
  }

  private void follow(JsonNode descriptor, BlobDirectory blobs) throws IOException {
    String text = descriptor.path("digest").asString("");
    if (!Digest.isValid(text) || !used.add(text)) {
      return;
    }
    String type = descriptor.path("mediaType").asString("");
    boolean document = type.contains("manifest") || type.contains("index");
    if (!document || descriptor.path("size").asLong(0) > MAX_DOCUMENT_BYTES) {
      return;
    }
    Digest digest = new Digest(text);
    if (blobs.find(digest).isEmpty()) {
      return;
    }
    try (var in = Channels.newInputStream(blobs.open(digest))) {
      mark(JsonMapper.shared().readTree(in), blobs);
    } catch (JacksonException e) {
      throw new IOException("could not read " + text + ": " + e.getOriginalMessage(), e);
    }
  }
}
