package dev.kiln.cli.flag;

import dev.kiln.wire.attach.AttachedSecrets.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** {@code --secret id=…[,src=…|,env=…]}. */
public final class SecretSpec {
  private static final int MAX_BYTES = 500 << 10;

  private SecretSpec() {}

  /**
   * Reads all, by id. With neither file nor variable named, the id itself names a variable if it is
   * set, else a file.
   *
   * @throws UsageException if a part is unknown or a file cannot be used
   */
  public static Map<String, Source> all(List<String> texts, Map<String, String> environment) {
    Map<String, Source> result = new TreeMap<>();
    for (String text : texts) {
      if (!text.isEmpty()) {
        add(text, environment, result);
      }
    }
    return result;
  }

  private static void add(
      String text, Map<String, String> environment, Map<String, Source> result) {
    String id = "";
    String file = "";
    String variable = "";
    String type = "";
    for (String field : CsvFields.of(text)) {
      int equals = field.indexOf('=');
      if (equals < 0) {
        throw new UsageException("invalid field '" + field + "' must be a key=value pair");
      }
      String value = field.substring(equals + 1);
      String key = field.substring(0, equals).toLowerCase(Locale.ROOT);
      switch (key) {
        case "id" -> id = value;
        case "source", "src" -> file = value;
        case "env" -> variable = value;
        case "type" -> type = type(value);
        default -> throw new UsageException("unexpected key '" + key + "' in '" + field + "'");
      }
    }
    if (type.equals("env") && variable.isEmpty()) {
      variable = file;
      file = "";
    }
    if (id.isEmpty()) {
      throw new UsageException("secret missing ID in \"" + text + "\"; write id=NAME");
    }
    if (variable.isEmpty() && file.isEmpty()) {
      variable = environment.containsKey(id) ? id : "";
      file = variable.isEmpty() ? id : "";
    }
    result.put(id, variable.isEmpty() ? file(id, file) : new Source.Environment(variable));
  }

  private static String type(String value) {
    if (!value.equals("file") && !value.equals("env")) {
      throw new UsageException("unsupported secret type \"" + value + "\"");
    }
    return value;
  }

  private static Source file(String id, String file) {
    Path path = Path.of(file);
    try {
      long size = Files.size(path);
      if (size > MAX_BYTES) {
        throw new UsageException("secret " + id + " too big. max size 500KB");
      }
      return new Source.File(path);
    } catch (IOException e) {
      throw new UsageException(
          "failed to stat " + file + ": no such file can be read for secret " + id, e);
    }
  }
}
