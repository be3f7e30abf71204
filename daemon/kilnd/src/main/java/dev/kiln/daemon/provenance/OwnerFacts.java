package dev.kiln.daemon.provenance;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What the daemon's owner wants told in every provenance: a folder of JSON objects. Stateless. */
final class OwnerFacts {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private OwnerFacts() {}

  /**
   * All files {@code *.json} of the folder as one object, in the order of their names; empty when
   * there is no such folder.
   *
   * @throws IOException when a file cannot be read or is no JSON object
   */
  static ObjectNode read(Path folder) throws IOException {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    if (!Files.isDirectory(folder)) {
      return all;
    }
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "*.json")) {
      entries.forEach(files::add);
    }
    files.sort(null);
    for (Path file : files) {
      if (Files.isDirectory(file)) {
        continue;
      }
      try {
        JsonNode read = MAPPER.readTree(Files.readAllBytes(file));
        if (!(read instanceof ObjectNode object)) {
          throw new IOException("failed to parse " + file.getFileName() + ": it is no JSON object");
        }
        all.setAll(object);
      } catch (JacksonException e) {
        throw new IOException(
            "failed to parse " + file.getFileName() + ": " + e.getOriginalMessage(), e);
      }
    }
    return all;
  }
}
