package dev.kiln.cli.flag;

import dev.kiln.registry.image.Platform;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code --annotation [type[platform],…:]key=value}, turned into attributes of an exporter. */
public final class AnnotationSpec {
  private static final Pattern TYPE = Pattern.compile("([a-z-]+)(?:\\[([A-Za-z0-9_/-]+)])?");
  private static final Set<String> TYPES =
      Set.of("index", "index-descriptor", "manifest", "manifest-descriptor");

  private AnnotationSpec() {}

  /** Exporter attributes of the form {@code annotation-manifest[linux/amd64].key}. */
  public static Map<String, String> attributes(List<String> texts) {
    Map<String, String> result = new TreeMap<>();
    for (String text : texts) {
      if (!text.isEmpty()) {
        add(text, result);
      }
    }
    return result;
  }

  private static void add(String text, Map<String, String> result) {
    int equals = text.indexOf('=');
    if (equals < 0) {
      throw new UsageException("invalid annotation \"" + text + "\", expected key=value");
    }
    String key = text.substring(0, equals);
    String value = text.substring(equals + 1);
    int colon = key.indexOf(':');
    if (colon < 0) {
      result.put("annotation." + key, value);
      return;
    }
    for (String type : key.substring(0, colon).split(",", -1)) {
      result.put(prefix(type) + "." + key.substring(colon + 1), value);
    }
  }

  private static String prefix(String type) {
    Matcher matcher = TYPE.matcher(type);
    if (!matcher.matches()) {
      throw new UsageException(
          "invalid annotation type \""
              + type
              + "\", expected type and optional platform in square brackets");
    }
    if (!TYPES.contains(matcher.group(1))) {
      throw new UsageException("unknown annotation type \"" + matcher.group(1) + "\"");
    }
    String platform = matcher.group(2);
    return "annotation-"
        + matcher.group(1)
        + (platform == null ? "" : "[" + Platform.parse(platform).format() + "]");
  }
}
