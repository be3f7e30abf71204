package dev.kiln.cli.flag;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An external cache: {@code --cache-from} and {@code --cache-to}. */
public record CacheSpec(String type, Map<String, String> attributes) {

  public CacheSpec {
    attributes = Map.copyOf(attributes);
  }

  /** Reads all; a text without {@code =} is a list of images. */
  public static List<CacheSpec> all(List<String> texts) {
    List<CacheSpec> result = new ArrayList<>();
    for (String text : texts) {
      if (text.isEmpty()) {
        continue;
      }
      if (text.indexOf('=') < 0) {
        CsvFields.of(text)
            .forEach(ref -> result.add(new CacheSpec("registry", Map.of("ref", ref))));
      } else {
        result.add(parse(text));
      }
    }
    return result;
  }

  private static CacheSpec parse(String text) {
    Map<String, String> attributes = new LinkedHashMap<>(CsvFields.pairs(text));
    String type = attributes.remove("type");
    if (type == null || type.isEmpty()) {
      throw new UsageException("type required for \"" + text + "\"");
    }
    return new CacheSpec(type, attributes);
  }

  /** With one attribute set. */
  public CacheSpec with(String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(attributes);
    more.put(key, value);
    return new CacheSpec(type, more);
  }
}
