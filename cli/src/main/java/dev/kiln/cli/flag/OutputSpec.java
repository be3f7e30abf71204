package dev.kiln.cli.flag;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a result goes: {@code --output}.
 *
 * @param type of the exporter
 * @param attributes without type and destination
 * @param destination a path, {@code -} for the standard output, or empty
 */
public record OutputSpec(String type, Map<String, String> attributes, String destination) {

  public OutputSpec {
    attributes = Map.copyOf(attributes);
  }

  /** Reads every {@code --output}; empty texts are left out. */
  public static List<OutputSpec> all(List<String> texts) {
    return texts.stream().filter(text -> !text.isEmpty()).map(OutputSpec::parse).toList();
  }

  /**
   * Reads {@code type=…,dest=…,…}; a bare path is a folder, {@code -} a tar on the standard output.
   *
   * @throws UsageException if the type is missing
   */
  public static OutputSpec parse(String text) {
    List<String> fields = CsvFields.of(text);
    if (fields.equals(List.of(text)) && !text.startsWith("type=")) {
      return new OutputSpec(text.equals("-") ? "tar" : "local", Map.of(), text);
    }
    Map<String, String> attributes = new LinkedHashMap<>(CsvFields.pairs(text));
    String type = attributes.remove("type");
    String destination = attributes.remove("dest");
    if (type == null || type.isEmpty()) {
      throw new UsageException("type is required for output");
    }
    return new OutputSpec(type, attributes, destination == null ? "" : destination);
  }

  /**
   * With what {@code --push} and {@code --load} mean: an image output that exists is pushed,
   * otherwise one is added; an output into the engine is added unless there is one.
   */
  public static List<OutputSpec> withShorthands(
      List<OutputSpec> outputs, boolean push, boolean load) {
    List<OutputSpec> result = new ArrayList<>();
    boolean pushed = false;
    for (OutputSpec output : outputs) {
      if (output.type().equals("registry")) {
        result.add(output.pushing());
      } else if (push && output.type().equals("image")) {
        result.add(output.pushing());
        pushed = true;
      } else {
        result.add(output);
      }
    }
    if (push && !pushed) {
      result.add(new OutputSpec("image", Map.of(), "").pushing());
    }
    boolean loaded =
        result.stream().anyMatch(o -> o.type().equals("docker") && o.destination().isEmpty());
    if (load && !loaded) {
      result.add(new OutputSpec("docker", Map.of(), ""));
    }
    return List.copyOf(result);
  }

  private OutputSpec pushing() {
    Map<String, String> more = new LinkedHashMap<>(attributes);
    more.put("push", "true");
    more.putIfAbsent("unpack", "false");
    return new OutputSpec("image", more, destination);
  }

  /** With these attributes added. */
  public OutputSpec with(Map<String, String> added) {
    Map<String, String> more = new LinkedHashMap<>(attributes);
    more.putAll(added);
    return new OutputSpec(type, more, destination);
  }

  /** Whether an attribute is there and true. */
  public boolean has(String attribute) {
    return Flags.isTrue(attributes.getOrDefault(attribute, ""));
  }
}
