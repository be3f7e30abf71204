package dev.kiln.cli.flag;

import java.util.List;
import java.util.Optional;

/**
 * A question to the frontend in place of a build: {@code --call}.
 *
 * @param name as the frontend knows it, such as {@code lint}
 * @param format {@code json}, or empty for text
 * @param ignoreStatus whether the answer does not decide the exit code
 */
public record CallSpec(String name, String format, boolean ignoreStatus) {

  /** Reads {@code name[,format=json][,ignorestatus=true]}; {@code build} is no question. */
  public static Optional<CallSpec> parse(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    String name = "";
    String format = "";
    boolean ignore = false;
    for (String field : CsvFields.of(text)) {
      List<String> parts = List.of(field.split("=", 2));
      if (parts.size() == 1 && name.isEmpty()) {
        name = field;
      } else if (parts.size() == 2 && parts.getFirst().equals("format")) {
        format = parts.get(1);
      } else if (parts.size() == 2 && parts.getFirst().equals("ignorestatus")) {
        ignore = Flags.isTrue(parts.get(1));
      } else {
        throw new UsageException("invalid call value: " + text);
      }
    }
    if (name.equals("build")) {
      return Optional.empty();
    }
    return Optional.of(new CallSpec(name.equals("check") ? "lint" : name, format, ignore));
  }
}
