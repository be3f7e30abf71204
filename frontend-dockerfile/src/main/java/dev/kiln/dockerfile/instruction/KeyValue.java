package dev.kiln.dockerfile.instruction;

import java.util.List;

/**
 * A key and its value.
 *
 * @param legacy true for the form {@code key value}, without an equals sign
 */
public record KeyValue(String key, String value, boolean legacy) {

  static List<KeyValue> expandAll(List<KeyValue> pairs, WordExpander words) {
    return pairs.stream()
        .map(pair -> new KeyValue(words.expand(pair.key), words.expand(pair.value), pair.legacy))
        .toList();
  }

  /** The form {@code key=value}. */
  @Override
  public String toString() {
    return key + "=" + value;
  }
}
