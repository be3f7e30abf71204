package dev.kiln.executor.cdi;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A mapping of a description, read field by field; one that nobody asked for is an error. */
final class Fields {
  private final String where;
  private final Map<?, ?> values;
  private final Set<String> read = new HashSet<>();

  private Fields(String where, Map<?, ?> values) {
    this.where = where;
    this.values = values;
  }

  /** Reads one mapping to its end. */
  @FunctionalInterface
  interface Reader<T> {
    T read(Fields fields) throws CdiException;
  }

  static <T> T read(String where, @Nullable Object value, Reader<T> reader) throws CdiException {
    if (!(value instanceof Map<?, ?> map)) {
      throw new CdiException(where + " is not a mapping");
    }
    Fields fields = new Fields(where, map);
    T result = reader.read(fields);
    for (Object key : map.keySet()) {
      if (!fields.read.contains(String.valueOf(key))) {
        throw new CdiException("unknown field \"" + key + "\" in " + where);
      }
    }
    return result;
  }

  private @Nullable Object value(String name) {
    read.add(name);
    return values.get(name);
  }

  /** A scalar as text; empty when it is not there. */
  String text(String name) throws CdiException {
    return text(name, value(name));
  }

  private String text(String name, @Nullable Object value) throws CdiException {
    return switch (value) {
      case null -> "";
      case String text -> text;
      case Boolean flag -> flag.toString();
      case Number number -> number.toString();
      default -> throw wrong(name, "a text");
    };
  }

  List<String> texts(String name) throws CdiException {
    List<String> all = new ArrayList<>();
    for (Object each : list(name)) {
      all.add(text(name, each));
    }
    return all;
  }

  @Nullable List<String> textsOrNull(String name) throws CdiException {
    return value(name) == null ? null : texts(name);
  }

  Map<String, String> textMap(String name) throws CdiException {
    Map<String, String> all = new TreeMap<>();
    switch (value(name)) {
      case null -> {}
      case Map<?, ?> map -> {
        for (Map.Entry<?, ?> each : map.entrySet()) {
          all.put(String.valueOf(each.getKey()), text(name, each.getValue()));
        }
      }
      default -> throw wrong(name, "a mapping");
    }
    return all;
  }

  boolean flag(String name) throws CdiException {
    return switch (value(name)) {
      case null -> false;
      case Boolean flag -> flag;
      default -> throw wrong(name, "true or false");
    };
  }

  /** A whole number of 31 bits; null when it is not there. */
  @Nullable Integer number(String name) throws CdiException {
    return number(name, value(name));
  }

  private @Nullable Integer number(String name, @Nullable Object value) throws CdiException {
    return switch (value) {
      case null -> null;
      case Integer number when number >= 0 -> number;
      // File modes are often written with a leading zero, which means octal to YAML 1.1.
      case String text when text.matches("0o?[0-7]{1,10}") ->
          Integer.valueOf(text.replace("o", ""), 8);
      default -> throw wrong(name, "a whole number");
    };
  }

  List<Integer> numbers(String name) throws CdiException {
    List<Integer> all = new ArrayList<>();
    for (Object each : list(name)) {
      Integer number = number(name, each);
      all.add(number == null ? 0 : number);
    }
    return all;
  }

  /** A mapping; null when it is not there. */
  <T> @Nullable T mapping(String name, Reader<T> reader) throws CdiException {
    Object value = value(name);
    return value == null ? null : read(where + "." + name, value, reader);
  }

  /** A list of mappings. */
  <T> List<T> mappings(String name, Reader<T> reader) throws CdiException {
    List<T> all = new ArrayList<>();
    for (Object each : list(name)) {
      all.add(read(where + "." + name + "[" + all.size() + "]", each, reader));
    }
    return all;
  }

  private List<?> list(String name) throws CdiException {
    return switch (value(name)) {
      case null -> List.of();
      case List<?> list -> list;
      default -> throw wrong(name, "a list");
    };
  }

  private CdiException wrong(String name, String wanted) {
    return new CdiException("\"" + name + "\" in " + where + " is not " + wanted);
  }
}
