package dev.kiln.cli.flag;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** {@code --attest type=…}, with {@code --provenance} and {@code --sbom} as short forms. */
public final class AttestSpec {
  private AttestSpec() {}

  /**
   * What is asked for by type; an empty value means that the type is turned off. The first of a
   * type wins.
   */
  public static Map<String, Optional<String>> all(
      List<String> attests, String provenance, String sbom) {
    List<String> texts = new ArrayList<>(attests);
    texts.addAll(shorthand("provenance", provenance));
    texts.addAll(shorthand("sbom", sbom));
    Map<String, Optional<String>> result = new TreeMap<>();
    for (String text : texts) {
      Map<String, String> fields = new LinkedHashMap<>(CsvFields.pairs(text));
      String type = fields.getOrDefault("type", "");
      if (type.isEmpty()) {
        throw new UsageException("attestation type not specified");
      }
      String disabled = fields.remove("disabled");
      boolean off =
          disabled != null
              && Flags.truth(disabled)
                  .orElseThrow(() -> new UsageException("invalid value disabled=" + disabled));
      result.putIfAbsent(type, off ? Optional.empty() : Optional.of(line(fields)));
    }
    return result;
  }

  /** The type comes first, then the rest by name. */
  private static String line(Map<String, String> fields) {
    Map<String, String> rest = new TreeMap<>(fields);
    String type = "type=" + rest.remove("type");
    return rest.isEmpty() ? type : type + "," + CsvFields.join(rest);
  }

  private static List<String> shorthand(String type, String value) {
    if (value.isEmpty()) {
      return List.of();
    }
    return List.of(
        Flags.truth(value)
            .map(on -> "type=" + type + ",disabled=" + !on)
            .orElse("type=" + type + "," + value));
  }
}
