package dev.kiln.daemon.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The flags that were given. Reads {@code --name=value}, {@code --name value} and {@code -name
 * value}; a switch stands alone or as {@code --name=false}. It is read by hand because a general
 * library takes more time to load than the daemon has for its whole start.
 *
 * @param values by flag name, in the order given
 */
record CommandLine(Map<String, List<String>> values) {
  /**
   * Sorts arguments by the flags that they set.
   *
   * @throws ConfigException for a flag that does not exist, lacks its value, or a word that is no
   *     flag
   */
  static CommandLine parse(String[] arguments) throws ConfigException {
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (int i = 0; i < arguments.length; i++) {
      String argument = arguments[i];
      if (!argument.startsWith("-") || argument.replace("-", "").isEmpty()) {
        throw new ConfigException(
            "unexpected argument \"" + argument + "\"; run with --help for the flags");
      }
      String word = argument.startsWith("--") ? argument.substring(2) : argument.substring(1);
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      Flag flag = Flag.find(name).orElseThrow(() -> unknown(name));
      String value;
      if (equals >= 0) {
        value = word.substring(equals + 1);
      } else if (flag.kind() == Flag.Kind.SWITCH) {
        value = "true";
      } else if (++i < arguments.length) {
        value = arguments[i];
      } else {
        throw new ConfigException("flag --" + name + " needs a value");
      }
      check(flag, value);
      values.computeIfAbsent(flag.name(), key -> new ArrayList<>()).add(value);
    }
    return new CommandLine(values);
  }

  private static ConfigException unknown(String name) {
    return new ConfigException("flag --" + name + " does not exist; run with --help for the flags");
  }

  private static void check(Flag flag, String value) throws ConfigException {
    try {
      switch (flag.kind()) {
        case SWITCH -> GoTexts.bool(value);
        case NUMBER -> Integer.parseInt(value);
        case TEXT, LIST -> {}
      }
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          "flag --" + flag.name() + " has an invalid value \"" + value + "\"");
    }
  }

  boolean isSet(String name) {
    return values.containsKey(name);
  }

  /** The last value given. */
  Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name)).map(List::getLast);
  }

  Optional<Boolean> flag(String name) {
    return text(name).map(GoTexts::bool);
  }

  Optional<Integer> number(String name) {
    return text(name).map(Integer::parseInt);
  }

  /** All values given. */
  Optional<List<String>> list(String name) {
    return Optional.ofNullable(values.get(name)).map(List::copyOf);
  }

  /** Key-value pairs of a repeated flag. */
  Map<String, String> pairs(String name) throws ConfigException {
    Map<String, String> out = new LinkedHashMap<>();
    for (String pair : values.getOrDefault(name, List.of())) {
      int equals = pair.indexOf('=');
      if (equals < 0) {
        throw new ConfigException(
            "flag --" + name + " has an invalid value \"" + pair + "\": expected key=value");
      }
      out.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    return out;
  }
}
