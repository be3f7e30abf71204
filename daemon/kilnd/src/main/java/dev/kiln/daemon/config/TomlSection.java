package dev.kiln.daemon.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * One table of a configuration file. Values of the wrong type are refused with file and line, and
 * the keys that were asked for are remembered, so that the others can be named.
 */
final class TomlSection {
  private final Path file;
  private final @Nullable TomlTable table;
  private final String prefix;
  private final Set<String> asked = new TreeSet<>();
  private final Map<String, List<TomlSection>> children = new LinkedHashMap<>();

  TomlSection(Path file, @Nullable TomlTable table, String prefix) {
    this.file = file;
    this.table = table;
    this.prefix = prefix;
  }

  /** A table without keys, for files that are not there; the parser is not even loaded for it. */
  static TomlSection empty(Path file) {
    return new TomlSection(file, null, "");
  }

  Set<String> keys() {
    return table == null ? Set.of() : table.keySet();
  }

  Optional<String> text(String key) throws ConfigException {
    return value(key, String.class, "a text");
  }

  Optional<Boolean> flag(String key) throws ConfigException {
    return value(key, Boolean.class, "true or false");
  }

  Optional<Long> number(String key) throws ConfigException {
    return value(key, Long.class, "a whole number");
  }

  Optional<Path> path(String key) throws ConfigException {
    return text(key).filter(value -> !value.isEmpty()).map(Path::of);
  }

  List<String> texts(String key) throws ConfigException {
    Optional<TomlArray> array = value(key, TomlArray.class, "a list of texts");
    List<String> out = new ArrayList<>();
    for (Object element : array.map(TomlArray::toList).orElse(List.of())) {
      if (!(element instanceof String text)) {
        throw wrong(key, "expected a list of texts");
      }
      out.add(text);
    }
    return out;
  }

  /** All texts of a table. */
  Map<String, String> pairs(String key) throws ConfigException {
    Map<String, String> out = new LinkedHashMap<>();
    TomlSection section = section(key);
    for (String name : section.keys()) {
      section.text(name).ifPresent(value -> out.put(name, value));
    }
    return out;
  }

  /** Bytes as a number or a text, or a percentage. */
  DiskSpace diskSpace(String key) throws ConfigException {
    return parsed(key, DiskSpace::parse).orElse(DiskSpace.NONE);
  }

  /** Seconds as a number, or a text. */
  Duration duration(String key) throws ConfigException {
    return parsed(key, GoTexts::duration).orElse(Duration.ZERO);
  }

  private interface Reading<T> {
    T read(String text);
  }

  private <T> Optional<T> parsed(String key, Reading<T> reading) throws ConfigException {
    asked.add(key);
    Object value = get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (!(value instanceof String) && !(value instanceof Long)) {
      throw wrong(key, "expected a number or a text");
    }
    try {
      return Optional.of(reading.read(value.toString()));
    } catch (IllegalArgumentException e) {
      throw wrong(key, String.valueOf(e.getMessage()));
    }
  }

  /** A table below this one; empty if it is not there. */
  TomlSection section(String key) throws ConfigException {
    Optional<TomlTable> found = value(key, TomlTable.class, "a table");
    List<TomlSection> known = children.computeIfAbsent(key, k -> new ArrayList<>());
    if (known.isEmpty()) {
      // One object for each table, so that the keys that different readers ask for add up.
      known.add(new TomlSection(file, found.orElse(null), name(key) + "."));
    }
    return known.getFirst();
  }

  /** The tables of a list of tables. */
  List<TomlSection> sections(String key) throws ConfigException {
    Optional<TomlArray> array = value(key, TomlArray.class, "a list of tables");
    List<TomlSection> out = new ArrayList<>();
    for (Object element : array.map(TomlArray::toList).orElse(List.of())) {
      if (!(element instanceof TomlTable child)) {
        throw wrong(key, "expected a list of tables");
      }
      out.add(new TomlSection(file, child, name(key) + "."));
    }
    children.computeIfAbsent(key, k -> new ArrayList<>()).addAll(out);
    return out;
  }

  private <T> Optional<T> value(String key, Class<T> type, String expected) throws ConfigException {
    asked.add(key);
    Object value = get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (!type.isInstance(value)) {
      throw wrong(key, "expected " + expected);
    }
    return Optional.of(type.cast(value));
  }

  private @Nullable Object get(String key) {
    return table == null ? null : table.get(List.of(key));
  }

  /** Refuses a value; the message names file, line and key. */
  ConfigException wrong(String key, String problem) {
    return new ConfigException(place(key) + ": " + name(key) + ": " + problem);
  }

  private String place(String key) {
    TomlPosition position = table == null ? null : table.inputPositionOf(List.of(key));
    return position == null ? file.toString() : file + ":" + position.line();
  }

  private String name(String key) {
    return prefix + (key.matches("[A-Za-z0-9_-]+") ? key : "\"" + key + "\"");
  }

  /** Takes note of a key that means nothing to Kiln although other daemons know it. */
  boolean ignores(String key) {
    asked.add(key);
    return get(key) != null;
  }

  /** Line and full name of a key. */
  String placeOf(String key) {
    return place(key) + ": " + name(key);
  }

  /** Where each key stands that nobody asked for, here and below. */
  List<String> unknown() {
    List<String> out = new ArrayList<>();
    for (String key : keys()) {
      if (!asked.contains(key)) {
        out.add(place(key) + ": unknown key " + name(key));
      }
    }
    children.values().forEach(list -> list.forEach(child -> out.addAll(child.unknown())));
    return out;
  }
}
