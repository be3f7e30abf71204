package dev.kiln.cli.build;

import dev.kiln.cli.flag.ByteSize;
import dev.kiln.cli.flag.UsageException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code --resource name=value}: limits of RUN. */
final class ResourceLimits {
  private ResourceLimits() {}

  /** The frontend's attributes. */
  static Map<String, String> attributes(List<String> texts) {
    Map<String, String> result = new TreeMap<>();
    for (String text : texts) {
      int equals = text.indexOf('=');
      if (equals < 0) {
        throw new UsageException("invalid resource \"" + text + "\", expected key=value");
      }
      String value = text.substring(equals + 1).strip();
      String name = text.substring(0, equals).strip();
      switch (name) {
        case "memory" -> result.put("memory", Long.toString(ByteSize.parse(value)));
        case "memory-swap" ->
            result.put("memswap", value.equals("-1") ? "-1" : "" + ByteSize.parse(value));
        case "cpu-shares", "cpu-period", "cpu-quota" ->
            result.put(name.replace("-", ""), number(name, value));
        case "cpuset-cpus", "cpuset-mems" -> result.put(name.replace("-", ""), value);
        default -> throw new UsageException("unknown resource \"" + name + "\"");
      }
    }
    return result;
  }

  private static String number(String name, String value) {
    if (!value.matches("-?[0-9]{1,18}")) {
      throw new UsageException("invalid value \"" + value + "\" for resource " + name);
    }
    return value;
  }
}
