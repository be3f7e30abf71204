package dev.kiln.cli.build;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What is left of a build for programs: digests and metadata. */
public final class ResultFiles {
  private ResultFiles() {}

  /** The digest by which the result is known: of its configuration, else of its manifest. */
  public static String imageId(Map<String, String> response) {
    String config = response.get("containerimage.config.digest");
    return config != null ? config : response.getOrDefault("containerimage.digest", "");
  }

  /** Writes the metadata; texts that hold a JSON object, plain or in base64, become one. */
  public static void writeMetadata(Path file, Map<String, String> response) throws IOException {
    ObjectNode document = JsonMapper.shared().createObjectNode();
    new TreeMap<>(response).forEach((key, value) -> document.set(key, decoded(key, value)));
    JsonMapper pretty = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    Path parent = file.toAbsolutePath().getParent();
    Path aside = Files.createTempFile(parent == null ? Path.of("/") : parent, ".metadata", "");
    Files.write(aside, pretty.writeValueAsBytes(document));
    Files.setPosixFilePermissions(aside, PosixFilePermissions.fromString("rw-r--r--"));
    Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static JsonNode decoded(String key, String value) {
    JsonMapper json = JsonMapper.shared();
    try {
      byte[] bytes =
          key.equals("result.json")
              ? value.getBytes(StandardCharsets.UTF_8)
              : Base64.getDecoder().decode(value);
      JsonNode node = json.readTree(bytes);
      if (node.isContainer() && !node.isEmpty()) {
        return node;
      }
    } catch (IllegalArgumentException | JacksonException e) {
      // An ordinary text.
      return json.getNodeFactory().stringNode(value);
    }
    return json.getNodeFactory().stringNode(value);
  }
}
