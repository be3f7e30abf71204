package dev.kiln.dockerfile.context;

import dev.kiln.dockerfile.bridge.FrontendBridge;
import dev.kiln.dockerfile.bridge.FrontendException;
import dev.kiln.dockerfile.bridge.SolveRequest.CacheImport;
import dev.kiln.dockerfile.lint.LintConfig;
import dev.kiln.dockerfile.llb.Platform;
import dev.kiln.dockerfile.parser.DockerfileException;
import dev.kiln.dockerfile.text.BooleanText;
import dev.kiln.solver.pb.NetMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads a build's options. */
public final class OptionReader {

  /** Prefix of options that give values to build arguments. */
  public static final String BUILD_ARG = "build-arg:";

  private static final String LABEL = "label:";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Map<String, String> options;

  private OptionReader(Map<String, String> options) {
    this.options = options;
  }

  /**
   * Reads the options of a build.
   *
   * @throws FrontendException if one is malformed, or asks for what is not supported any more
   */
  public static BuildOptions read(FrontendBridge bridge) {
    OptionReader reader = new OptionReader(bridge.options());
    reader.refuseRemoved();
    Platform buildPlatform =
        bridge.buildPlatforms().isEmpty()
            ? Platform.local()
            : Platform.of(bridge.buildPlatforms().getFirst());
    return reader.read(buildPlatform);
  }

  private void refuseRemoved() {
    if (!text("override-copy-image").isEmpty()) {
      throw FrontendException.failed(
          "support for \"override-copy-image\" was removed in BuildKit 0.11");
    }
    if (BooleanText.parse(text("build-arg:BUILDKIT_DISABLE_FILEOP")).orElse(false)) {
      throw FrontendException.failed(
          "support for \"BUILDKIT_DISABLE_FILEOP\" build-arg was removed in BuildKit 0.11");
    }
  }

  private BuildOptions read(Platform buildPlatform) {
    List<Platform> platforms = platforms(text("platform"));
    return new BuildOptions(
        withPrefix(BUILD_ARG),
        withPrefix(LABEL),
        text("target"),
        buildPlatform,
        platforms,
        multiPlatform(platforms.size()),
        noCache(),
        resolveMode(text("image-resolve-mode")),
        network(text("force-network-mode")),
        LimitOptions.extraHosts(text("add-hosts")),
        LimitOptions.shmSizeBytes(text("shm-size")),
        LimitOptions.ulimits(text("ulimit")),
        LimitOptions.resources(options),
        firstSet("build-arg:BUILDKIT_SANDBOX_HOSTNAME", "hostname"),
        text("cgroup-parent"),
        text("build-arg:BUILDKIT_CACHE_MOUNT_NS"),
        cacheImports(),
        lint(),
        SbomOption.read(options));
  }

  private String text(String key) {
    return options.getOrDefault(key, "");
  }

  private String firstSet(String first, String second) {
    return text(first).isEmpty() ? text(second) : text(first);
  }

  private Map<String, String> withPrefix(String prefix) {
    Map<String, String> found = new TreeMap<>();
    options.forEach(
        (key, value) -> {
          if (key.startsWith(prefix)) {
            found.put(key.substring(prefix.length()), value);
          }
        });
    return found;
  }

  private static List<Platform> platforms(String text) {
    List<Platform> platforms = new ArrayList<>();
    if (!text.isEmpty()) {
      for (String specifier : text.split(",", -1)) {
        try {
          platforms.add(Platform.parse(specifier).normalized());
        } catch (IllegalArgumentException e) {
          throw FrontendException.failed(
              "failed to parse target platform " + specifier + ": " + e.getMessage(), e);
        }
      }
    }
    return platforms;
  }

  private boolean multiPlatform(int platforms) {
    String asked = firstSet("build-arg:BUILDKIT_MULTI_PLATFORM", "multi-platform");
    if (asked.isEmpty()) {
      return platforms > 1;
    }
    boolean wanted =
        BooleanText.parse(asked)
            .orElseThrow(
                () ->
                    FrontendException.failed("invalid boolean value for multi-platform: " + asked));
    if (!wanted && platforms > 1) {
      throw FrontendException.failed(
          "conflicting config: returning multiple target platforms is not allowed");
    }
    return wanted;
  }

  private @Nullable List<String> noCache() {
    String stages = options.get("no-cache");
    if (stages == null) {
      return null;
    }
    return stages.isEmpty() ? List.of() : List.of(stages.split(",", -1));
  }

  private static String resolveMode(String mode) {
    return switch (mode) {
      case "", "default" -> "default";
      case "pull", "local" -> mode;
      default -> throw FrontendException.failed("invalid image-resolve-mode: " + mode);
    };
  }

  private static NetMode network(String mode) {
    return switch (mode) {
      case "", "sandbox" -> NetMode.UNSET;
      case "none" -> NetMode.NONE;
      case "host" -> NetMode.HOST;
      default -> throw FrontendException.failed("invalid netmode " + mode);
    };
  }

  private List<CacheImport> cacheImports() {
    List<CacheImport> imports = new ArrayList<>();
    String json = text("cache-imports");
    if (!json.isEmpty()) {
      try {
        for (JsonNode entry : JSON.readTree(json)) {
          Map<String, String> attributes = new TreeMap<>();
          entry
              .path("Attrs")
              .properties()
              .forEach(attr -> attributes.put(attr.getKey(), attr.getValue().asString("")));
          imports.add(new CacheImport(entry.path("Type").asString(""), attributes));
        }
      } catch (JacksonException e) {
        throw FrontendException.failed(
            "failed to unmarshal cache-imports (\"" + json + "\"): " + e.getOriginalMessage(), e);
      }
    }
    if (!text("cache-from").isEmpty()) {
      for (String ref : text("cache-from").split(",", -1)) {
        imports.add(new CacheImport("registry", Map.of("ref", ref)));
      }
    }
    return imports;
  }

  private @Nullable LintConfig lint() {
    String check = options.get("build-arg:BUILDKIT_DOCKERFILE_CHECK");
    if (check == null) {
      return null;
    }
    try {
      return LintConfig.parse(check);
    } catch (DockerfileException e) {
      throw FrontendException.failed(
          "failed to parse build-arg:BUILDKIT_DOCKERFILE_CHECK: " + e.getMessage(), e);
    }
  }
}
