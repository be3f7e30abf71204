package dev.kiln.dockerfile.context;

import dev.kiln.dockerfile.bridge.FrontendException;
import dev.kiln.dockerfile.llb.ImageName;
import dev.kiln.dockerfile.text.CsvFields;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads which attestations a build asks for, of which the frontend makes the SBOM. */
final class SbomOption {

  private static final String DEFAULT_GENERATOR = "docker/buildkit-syft-scanner:stable-1";
  private static final String OPTION = "attest:";
  private static final String BUILD_ARG = "build-arg:BUILDKIT_ATTEST_";

  private SbomOption() {}

  static BuildOptions.@Nullable Sbom read(Map<String, String> options) {
    String asked = null;
    for (Map.Entry<String, String> option : new TreeMap<>(options).entrySet()) {
      String type = type(option.getKey());
      switch (type) {
        case "", "provenance" -> {}
        case "sbom" -> asked = option.getValue();
        default -> throw FrontendException.failed("unknown attestation type \"" + type + "\"");
      }
    }
    return asked == null ? null : parse(asked);
  }

  private static String type(String key) {
    if (key.startsWith(OPTION)) {
      return key.substring(OPTION.length()).toLowerCase(Locale.ROOT);
    }
    return key.startsWith(BUILD_ARG)
        ? key.substring(BUILD_ARG.length()).toLowerCase(Locale.ROOT)
        : "";
  }

  private static BuildOptions.Sbom parse(String text) {
    Map<String, String> parameters = new TreeMap<>();
    for (String field : text.isEmpty() ? List.<String>of() : CsvFields.of(text)) {
      int equals = field.indexOf('=');
      parameters.put(
          equals < 0 ? field : field.substring(0, equals),
          equals < 0 ? "" : field.substring(equals + 1));
    }
    String generator = parameters.remove("generator");
    String image = generator == null ? DEFAULT_GENERATOR : generator;
    if (image.isEmpty()) {
      throw FrontendException.failed("sbom scanner cannot be empty");
    }
    try {
      return new BuildOptions.Sbom(ImageName.parse(image).tagged().toString(), parameters);
    } catch (IllegalArgumentException e) {
      throw FrontendException.failed(
          "failed to parse sbom scanner " + image + ": " + e.getMessage(), e);
    }
  }
}
