package dev.kiln.dockerfile.shell;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An immutable, ordered list of variables. A variable set again moves to the end. */
public final class EnvList implements Environment {

  private static final EnvList NOTHING = new EnvList(new LinkedHashMap<>());

  private final Map<String, String> values;

  private EnvList(Map<String, String> values) {
    this.values = values;
  }

  public static EnvList empty() {
    return NOTHING;
  }

  /**
   * Reads entries of the form {@code KEY=value}; an entry without an equals sign is an empty value.
   */
  public static EnvList of(List<String> entries) {
    LinkedHashMap<String, String> values = new LinkedHashMap<>();
    for (String entry : entries) {
      int equals = entry.indexOf('=');
      String key = equals < 0 ? entry : entry.substring(0, equals);
      values.remove(key);
      values.put(key, equals < 0 ? "" : entry.substring(equals + 1));
    }
    return new EnvList(values);
  }

  /** A list with the variable at its end. Costs time linear in the list. */
  public EnvList with(String key, String value) {
    return withAll(Map.of(key, value));
  }

  /** A list with all the variables at its end, in the map's order. */
  public EnvList withAll(Map<String, String> added) {
    LinkedHashMap<String, String> copy = new LinkedHashMap<>(values);
    added.forEach(
        (key, value) -> {
          copy.remove(key);
          copy.put(key, value);
        });
    return new EnvList(copy);
  }

  @Override
  public @Nullable String get(String name) {
    return values.get(name);
  }

  @Override
  public List<String> keys() {
    return List.copyOf(values.keySet());
  }

  /** The entries as {@code KEY=value}, in order. */
  public List<String> entries() {
    List<String> entries = new ArrayList<>(values.size());
    values.forEach((key, value) -> entries.add(key + "=" + value));
    return entries;
  }
}
