package dev.kiln.dockerfile.subrequest;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The metadata of a frontend's result that answers a subrequest; such a result has no files.
 *
 * @param metadata by key: {@code result.json}, {@code result.txt}, {@code version} and what the
 *     subrequest adds
 */
public record SubrequestAnswer(Map<String, String> metadata) {

  public SubrequestAnswer {
    metadata = Map.copyOf(metadata);
  }

  static SubrequestAnswer of(JsonNode json, String text, String version) {
    return new SubrequestAnswer(
        Map.of("result.json", IndentedJson.write(json), "result.txt", text, "version", version));
  }

  SubrequestAnswer with(String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(metadata);
    more.put(key, value);
    return new SubrequestAnswer(more);
  }
}
