package dev.kiln.cli.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The {@code index.json} of an OCI layout on disk (OCI image-spec, image-layout.md). */
final class LayoutIndex {
  private static final String REF_NAME = "org.opencontainers.image.ref.name";
  private static final String IMAGE_NAME = "io.containerd.image.name";
  private static final String INDEX_TYPE = "application/vnd.oci.image.index.v1+json";

  private final Path folder;

  LayoutIndex(Path folder) {
    this.folder = folder;
  }

  /** The digest under a name or tag, or of the only manifest there is. */
  Optional<String> find(String tag) throws IOException {
    Optional<String> named = findExactly(tag);
    JsonNode manifests = read().path("manifests");
    return named.isEmpty() && manifests.size() == 1
        ? Optional.of(manifests.get(0).path("digest").asString(""))
        : named;
  }

  /** The digest under a name or tag. */
  Optional<String> findExactly(String tag) throws IOException {
    JsonNode manifests = read().path("manifests");
    for (String annotation : List.of(IMAGE_NAME, REF_NAME)) {
      for (JsonNode manifest : manifests) {
        if (manifest.path("annotations").path(annotation).asString("").equals(tag)) {
          return Optional.of(manifest.path("digest").asString(""));
        }
      }
    }
    return Optional.empty();
  }

  /** Puts a descriptor under a tag, in place of what had it. */
  void putTag(String descriptor, String tag) throws IOException {
    put(descriptor, REF_NAME, tag, null);
  }

  /** Puts a descriptor under an image's full name. */
  void putName(String descriptor, String name) throws IOException {
    int colon = name.lastIndexOf(':');
    put(
        descriptor,
        IMAGE_NAME,
        name,
        colon > name.lastIndexOf('/') ? name.substring(colon + 1) : null);
  }

  private void put(
      String descriptor,
      String annotation,
      String value,
      @org.jspecify.annotations.Nullable String tag)
      throws IOException {
    ObjectNode entry = (ObjectNode) JsonMapper.shared().readTree(descriptor);
    ObjectNode annotations =
        entry.path("annotations") instanceof ObjectNode there
            ? there
            : entry.putObject("annotations");
    annotations.put(annotation, value);
    if (tag != null) {
      annotations.put(REF_NAME, tag);
    }
    ObjectNode index = (ObjectNode) read();
    ArrayNode kept = JsonMapper.shared().createArrayNode();
    for (JsonNode manifest : index.path("manifests")) {
      if (!manifest.path("annotations").path(annotation).asString("").equals(value)) {
        kept.add(manifest);
      }
    }
    kept.add(entry);
    index.set("manifests", kept);
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    Path aside = Files.createTempFile(folder, "index", ".json");
    Files.write(aside, JsonMapper.shared().writeValueAsBytes(index));
    Files.setPosixFilePermissions(
        aside, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
    Files.move(aside, folder.resolve("index.json"), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
  }

  private JsonNode read() throws IOException {
    Path file = folder.resolve("index.json");
    try {
      return JsonMapper.shared().readTree(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      ObjectNode empty = JsonMapper.shared().createObjectNode();
      empty.put("schemaVersion", 2).put("mediaType", INDEX_TYPE).putArray("manifests");
      return empty;
    } catch (JacksonException e) {
      throw new IOException("could not read " + file + ": " + e.getOriginalMessage(), e);
    }
  }
}
