package dev.kiln.daemon.export.image;

import dev.kiln.daemon.failure.BuildFailure;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the attributes of an exporter and remembers which were asked for, so that the rest can be
 * passed on. For one thread.
 */
public final class Attributes {
  private final Map<String, String> values;
  private final Set<String> read = new LinkedHashSet<>();

  public Attributes(Map<String, String> values) {
    this.values = Map.copyOf(values);
  }

  /** The value of a key, or a default. */
  public String text(String key, String otherwise) {
    read.add(key);
    return values.getOrDefault(key, otherwise);
  }

  /** The value of a key, null when it is not there. */
  public @Nullable String find(String key) {
    read.add(key);
    return values.get(key);
  }

  /**
   * A yes or no in the texts that Go's ParseBool takes; an empty value means yes.
   *
   * @throws BuildFailure for other texts
   */
  public boolean flag(String key, boolean otherwise) {
    read.add(key);
    String text = values.get(key);
    if (text == null) {
      return otherwise;
    }
    return switch (text) {
      case "", "1", "t", "T", "true", "TRUE", "True" -> true;
      case "0", "f", "F", "false", "FALSE", "False" -> false;
      default ->
          throw BuildFailure.of(
              "non-bool value specified for " + key + ": \"" + text + "\" is not true or false",
              null);
    };
  }

  /**
   * A whole number, null when it is not there or empty.
   *
   * @throws BuildFailure for another text
   */
  public @Nullable Long number(String key) {
    read.add(key);
    String text = values.get(key);
    if (text == null || text.isEmpty()) {
      return null;
    }
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      throw BuildFailure.of("non-integer value " + text + " specified for " + key, e);
    }
  }

  /** The attributes that nobody asked for. */
  public Map<String, String> rest() {
    Map<String, String> rest = new LinkedHashMap<>(values);
    rest.keySet().removeAll(read);
    return rest;
  }
}
