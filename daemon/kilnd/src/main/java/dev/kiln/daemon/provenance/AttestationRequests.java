package dev.kiln.daemon.provenance;

import dev.kiln.daemon.failure.BuildFailure;
import dev.kiln.dockerfile.text.CsvFields;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads which attestations a client wants (exporters-and-cache.md, section 3.2). Stateless. */
public final class AttestationRequests {
  public static final String SBOM = "sbom";
  public static final String PROVENANCE = "provenance";
  private static final Set<String> KNOWN = Set.of(SBOM, PROVENANCE);
  private static final String OPTION = "attest:";
  private static final String ARG = "build-arg:BUILDKIT_ATTEST_";

  private AttestationRequests() {}

  /**
   * The parameters of each attestation that is wanted, by its type.
   *
   * @param options of the frontend
   * @throws BuildFailure for a type that nobody knows
   */
  public static Map<String, Map<String, String>> read(Map<String, String> options) {
    Map<String, Map<String, String>> wanted = new LinkedHashMap<>();
    options.forEach(
        (key, value) -> {
          String type =
              key.startsWith(OPTION)
                  ? key.substring(OPTION.length())
                  : key.startsWith(ARG) ? key.substring(ARG.length()) : null;
          if (type != null) {
            wanted.put(type.toLowerCase(Locale.ROOT), parameters(type, value));
          }
        });
    for (String type : wanted.keySet()) {
      if (!KNOWN.contains(type)) {
        throw BuildFailure.of("unknown attestation type \"" + type + "\"", null);
      }
    }
    return wanted;
  }

  private static Map<String, String> parameters(String type, String text) {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (text.isEmpty()) {
      return parameters;
    }
    try {
      for (String field : CsvFields.of(text)) {
        int equals = field.indexOf('=');
        parameters.put(
            equals < 0 ? field : field.substring(0, equals),
            equals < 0 ? "" : field.substring(equals + 1));
      }
    } catch (IllegalArgumentException e) {
      throw BuildFailure.of("failed to parse " + type + ": " + e.getMessage(), e);
    }
    return parameters;
  }
}
