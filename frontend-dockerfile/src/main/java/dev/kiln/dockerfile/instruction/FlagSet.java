package dev.kiln.dockerfile.instruction;

import dev.kiln.dockerfile.parser.DockerfileException;
import dev.kiln.dockerfile.text.Suggestion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The flags that an instruction knows, and after {@link #read} their values. Not thread-safe. */
final class FlagSet {

  private enum Kind {
    BOOLEAN,
    TEXT,
    LIST
  }

  private final Map<String, Kind> known = new LinkedHashMap<>();
  private final Map<String, List<String>> given = new LinkedHashMap<>();

  FlagSet booleans(String... names) {
    return add(Kind.BOOLEAN, names);
  }

  FlagSet texts(String... names) {
    return add(Kind.TEXT, names);
  }

  FlagSet lists(String... names) {
    return add(Kind.LIST, names);
  }

  private FlagSet add(Kind kind, String... names) {
    for (String name : names) {
      known.put(name, kind);
    }
    return this;
  }

  /**
   * Reads words of the form {@code --name=value}.
   *
   * @throws DockerfileException if a flag is unknown, repeated, or has a wrong value
   */
  FlagSet read(List<String> words) {
    for (String word : words) {
      int equals = word.indexOf('=');
      String flag = equals < 0 ? word : word.substring(0, equals);
      String name = flag.substring("--".length());
      Kind kind = known.get(name);
      if (kind == null) {
        throw new DockerfileException(
            Suggestion.append("unknown flag: " + flag, name, known.keySet(), true));
      }
      if (given.containsKey(name) && kind != Kind.LIST) {
        throw new DockerfileException("duplicate flag specified: " + flag);
      }
      String value = equals < 0 ? null : word.substring(equals + 1);
      given
          .computeIfAbsent(name, key -> new ArrayList<>())
          .add(kind == Kind.BOOLEAN ? readBoolean(flag, value) : required(flag, value));
    }
    return this;
  }

  private static String required(String flag, @Nullable String value) {
    if (value == null) {
      throw new DockerfileException("missing a value on flag: " + flag);
    }
    return value;
  }

  private static String readBoolean(String flag, @Nullable String value) {
    if (value == null) {
      return "true";
    }
    if (value.isEmpty()) {
      throw new DockerfileException("missing a value on flag: " + flag);
    }
    String lower = value.toLowerCase(Locale.ROOT);
    if (!lower.equals("true") && !lower.equals("false")) {
      throw new DockerfileException("expecting boolean value for flag " + flag + ", not: " + value);
    }
    return lower;
  }

  /** The flag's value, or the default. */
  String text(String name, String defaultValue) {
    List<String> values = given.get(name);
    return values == null ? defaultValue : values.getFirst();
  }

  /** The flag's value, or empty. */
  String text(String name) {
    return text(name, "");
  }

  boolean isTrue(String name) {
    return text(name).equals("true");
  }

  /** The flag's value, or null if it was not given. */
  @Nullable Boolean booleanOrNull(String name) {
    return given.containsKey(name) ? (Boolean) isTrue(name) : null;
  }

  List<String> list(String name) {
    return given.getOrDefault(name, List.of());
  }

  /** Names of the flags that were given, each once. */
  List<String> used() {
    return List.copyOf(given.keySet());
  }
}
