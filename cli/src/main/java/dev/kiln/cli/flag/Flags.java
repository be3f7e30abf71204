package dev.kiln.cli.flag;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Small forms that several flags share. */
public final class Flags {
  private Flags() {}

  /** A truth value in the spellings of Go's ParseBool; empty for any other text. */
  public static Optional<Boolean> truth(String text) {
    return switch (text) {
      case "1", "t", "T", "TRUE", "true", "True" -> Optional.of(true);
      case "0", "f", "F", "FALSE", "false", "False" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  /** Whether a text is a true truth value. */
  public static boolean isTrue(String text) {
    return truth(text).orElse(false);
  }

  /**
   * {@code KEY=VALUE} for each; {@code KEY} alone takes the environment's value, or nothing if the
   * variable is not set.
   */
  public static Map<String, String> arguments(
      List<String> values, Map<String, String> environment) {
    Map<String, String> result = new TreeMap<>();
    for (String value : values) {
      int equals = value.indexOf('=');
      String key = key(value, equals);
      String fromEnvironment = environment.get(key);
      if (equals >= 0) {
        result.put(key, value.substring(equals + 1));
      } else if (fromEnvironment != null) {
        result.put(key, fromEnvironment);
      }
    }
    return result;
  }

  /** {@code KEY=VALUE} for each; {@code KEY} alone has the empty value. */
  public static Map<String, String> labels(List<String> values) {
    Map<String, String> result = new LinkedHashMap<>();
    for (String value : values) {
      int equals = value.indexOf('=');
      result.put(key(value, equals), equals < 0 ? "" : value.substring(equals + 1));
    }
    return result;
  }

  private static String key(String value, int equals) {
    String key = equals < 0 ? value : value.substring(0, equals);
    if (key.isEmpty()) {
      throw new UsageException("invalid key-value pair \"" + value + "\": empty key");
    }
    return key;
  }
}
