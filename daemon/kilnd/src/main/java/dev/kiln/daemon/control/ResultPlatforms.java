package dev.kiln.daemon.control;

import com.google.protobuf.ByteString;
import dev.kiln.daemon.build.BuildResult;
import dev.kiln.daemon.export.image.Platforms;
import dev.kiln.daemon.failure.BuildFailure;
import dev.kiln.registry.image.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Compares the platforms that a build was asked for with those of its result: a frontend that knows
 * nothing of platforms would otherwise give one image where several were wanted, and nobody
 * noticed.
 */
final class ResultPlatforms {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private ResultPlatforms() {}

  /**
   * One-line warnings.
   *
   * @param requested the frontend option {@code platform}, parted by commas; null means the host's
   */
  static List<String> warnings(@Nullable String requested, BuildResult result) {
    boolean empty = !result.isMap() && result.ref() == null;
    if (empty && !result.metadata().containsKey(Platforms.KEY)) {
      return List.of();
    }
    List<String> wanted =
        requested == null ? List.of(Platform.host().format()) : List.of(requested.split(",", -1));
    List<String> problems = new ArrayList<>();
    TreeSet<String> asked = new TreeSet<>();
    for (String each : wanted) {
      try {
        if (!asked.add(Platform.parse(each).formatAll())) {
          problems.add("Duplicate platform result requested \"" + each + "\"");
        }
      } catch (IllegalArgumentException e) {
        problems.add("Invalid platform result requested \"" + each + "\": " + e.getMessage());
      }
    }
    return problems.isEmpty() ? compare(wanted.getFirst(), asked, result) : problems;
  }

  private static List<String> compare(String first, SortedSet<String> asked, BuildResult result) {
    List<Platform> got = platforms(result);
    TreeSet<String> names =
        got.stream().map(Platform::formatAll).collect(Collectors.toCollection(TreeSet::new));
    if (asked.size() == 1 && got.size() == 1) {
      // An image may say its system's version where only the system was asked for.
      Platform only = got.getFirst();
      String plain =
          new Platform(only.os(), only.architecture(), only.variant(), "", only.osFeatures())
              .formatAll();
      return asked.contains(names.first()) || asked.contains(plain)
          ? List.of()
          : List.of(
              "Requested platform \""
                  + first
                  + "\" does not match result platform \""
                  + names.first()
                  + "\"");
    }
    if (!result.isMap() && asked.size() > 1) {
      return List.of("Multiple platforms requested but result is not multi-platform");
    }
    return asked.size() == got.size() && asked.containsAll(names)
        ? List.of()
        : List.of(
            "Requested platforms "
                + String.join(",", asked)
                + " do not match result platforms "
                + String.join(",", names));
  }

  private static List<Platform> platforms(BuildResult result) {
    ByteString config = result.metadata().get("containerimage.config");
    if (result.isMap() || result.metadata().containsKey(Platforms.KEY)) {
      return Platforms.of(result).stream()
          .map(Platforms.Exported::platform)
          .flatMap(Stream::ofNullable)
          .map(ResultPlatforms::normalized)
          .toList();
    }
    if (config == null) {
      return List.of(Platform.host());
    }
    try {
      JsonNode image = MAPPER.readTree(config.toByteArray());
      String os = image.path("os").asString("");
      String architecture = image.path("architecture").asString("");
      return os.isEmpty() || architecture.isEmpty()
          ? List.of(Platform.host())
          : List.of(
              new Platform(
                      os,
                      architecture,
                      image.path("variant").asString(""),
                      image.path("os.version").asString(""),
                      List.of())
                  .normalized());
    } catch (JacksonException e) {
      throw BuildFailure.of(
          "could not read the image config of the result: " + e.getOriginalMessage(), e);
    }
  }

  private static Platform normalized(dev.kiln.solver.pb.Platform platform) {
    return new Platform(
            platform.getOS(),
            platform.getArchitecture(),
            platform.getVariant(),
            platform.getOSVersion(),
            platform.getOSFeaturesList())
        .normalized();
  }
}
