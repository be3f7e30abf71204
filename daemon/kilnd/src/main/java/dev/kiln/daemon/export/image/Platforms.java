package dev.kiln.daemon.export.image;

import com.google.protobuf.ByteString;
import dev.kiln.daemon.build.BuildRef;
import dev.kiln.daemon.build.BuildResult;
import dev.kiln.daemon.build.BuildResult.Attestation;
import dev.kiln.daemon.failure.BuildFailure;
import dev.kiln.solver.pb.Platform;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Which platforms a result holds, from its metadata {@code refs.platforms}. */
public final class Platforms {
  /** The metadata key. */
  public static final String KEY = "refs.platforms";

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Platforms() {}

  /**
   * One platform of a result.
   *
   * @param id as clients write it, such as {@code linux/arm64}
   * @param key of the ref and of metadata; empty for a single result
   */
  public record Exported(
      String id, String key, @Nullable Platform platform, @Nullable BuildRef ref) {}

  /**
   * The platforms of a result, in their order.
   *
   * @throws BuildFailure when the metadata does not fit the refs
   */
  public static List<Exported> of(BuildResult result) {
    List<Exported> named = parse(result.metadata().get(KEY));
    if (!result.isMap()) {
      if (named.size() > 1) {
        throw BuildFailure.of(
            "cannot export multiple platforms without multi-platform enabled", null);
      }
      return named.isEmpty()
          ? List.of(new Exported("", "", null, result.ref()))
          : List.of(
              new Exported(named.getFirst().id(), "", named.getFirst().platform(), result.ref()));
    }
    if (named.isEmpty()) {
      throw BuildFailure.of("unable to export multiple refs, missing platforms mapping", null);
    }
    if (named.size() != result.refs().size()) {
      throw BuildFailure.of(
          "number of platforms does not match references "
              + named.size()
              + " "
              + result.refs().size(),
          null);
    }
    List<Exported> all = new ArrayList<>();
    for (Exported each : named) {
      if (!result.refs().containsKey(each.id())) {
        throw BuildFailure.of("failed to find ref for ID " + each.id(), null);
      }
      all.add(new Exported(each.id(), each.id(), each.platform(), result.refs().get(each.id())));
    }
    return all;
  }

  private static List<Exported> parse(@Nullable ByteString json) {
    if (json == null || json.isEmpty()) {
      return List.of();
    }
    Map<String, Exported> all = new LinkedHashMap<>();
    try {
      for (JsonNode entry : MAPPER.readTree(json.toByteArray()).path("Platforms")) {
        String id = entry.path("ID").asString("");
        if (id.isEmpty()) {
          throw BuildFailure.of("invalid empty platform key for exporter", null);
        }
        Platform platform = platform(entry.path("Platform"));
        if (platform.getOS().isEmpty() || platform.getArchitecture().isEmpty()) {
          throw BuildFailure.of(
              "invalid platform value "
                  + platform.getOS()
                  + "/"
                  + platform.getArchitecture()
                  + " for exporter",
              null);
        }
        all.putIfAbsent(id, new Exported(id, id, platform, null));
      }
    } catch (JacksonException e) {
      throw BuildFailure.of(
          "failed to parse platforms passed to provenance processor: " + e.getOriginalMessage(), e);
    }
    if (all.isEmpty()) {
      throw BuildFailure.of("invalid empty platforms index for exporter", null);
    }
    return List.copyOf(all.values());
  }

  private static Platform platform(JsonNode node) {
    Platform.Builder out =
        Platform.newBuilder()
            .setOS(node.path("os").asString(""))
            .setArchitecture(node.path("architecture").asString(""))
            .setVariant(node.path("variant").asString(""))
            .setOSVersion(node.path("os.version").asString(""));
    node.path("os.features").forEach(feature -> out.addOSFeatures(feature.asString("")));
    return out.build();
  }

  /**
   * What is said about one platform's ref. A frontend may say it under the platform's id even when
   * there is only one ref.
   */
  public static List<Attestation> attestations(BuildResult result, Exported platform) {
    if (result.isMap()) {
      return result.attestations().getOrDefault(platform.key(), List.of());
    }
    return result.attestations().values().stream().flatMap(List::stream).toList();
  }

  /** The value of a metadata key for one platform: the specific one, else the general one. */
  public static @Nullable ByteString metadata(
      Map<String, ByteString> metadata, String key, String platformKey) {
    ByteString own = platformKey.isEmpty() ? null : metadata.get(key + "/" + platformKey);
    return own != null ? own : metadata.get(key);
  }
}
