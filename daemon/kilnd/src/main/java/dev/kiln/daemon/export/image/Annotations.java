package dev.kiln.daemon.export.image;

import com.google.protobuf.ByteString;
import dev.kiln.daemon.failure.BuildFailure;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Annotations for manifests, indexes and their descriptors, from keys of the form {@code
 * annotation[-<type>][[<platform>]].<key>} (exporters-and-cache.md, section 1.5). Immutable.
 */
final class Annotations {
  private static final Pattern KEY =
      Pattern.compile(
          "annotation(?:-(manifest|manifest-descriptor|index|index-descriptor))?"
              + "(?:\\[([A-Za-z0-9_/.-]+)])?\\.(\\S+)");

  private final Map<Place, Map<String, String>> byPlace;

  /** What an annotation is put on. */
  enum Kind {
    MANIFEST,
    MANIFEST_DESCRIPTOR,
    INDEX,
    INDEX_DESCRIPTOR
  }

  private record Place(Kind kind, String platform) {}

  private Annotations(Map<Place, Map<String, String>> byPlace) {
    this.byPlace = byPlace;
  }

  /** The attributes that are annotations. */
  static Map<String, String> keysOf(Map<String, String> attributes) {
    Map<String, String> found = new LinkedHashMap<>();
    attributes.forEach(
        (key, value) -> {
          if (KEY.matcher(key).matches()) {
            found.put(key, value);
          } else if (key.startsWith("annotation")) {
            throw BuildFailure.of("invalid annotation key " + key, null);
          }
        });
    return found;
  }

  /**
   * Joins annotations of the result's metadata with those of the exporter, which win.
   *
   * @param metadata of the result
   * @param attributes as {@link #keysOf} gives them
   */
  static Annotations of(Map<String, ByteString> metadata, Map<String, String> attributes) {
    Map<Place, Map<String, String>> byPlace = new LinkedHashMap<>();
    metadata.forEach((key, value) -> add(byPlace, key, value.toStringUtf8()));
    attributes.forEach((key, value) -> add(byPlace, key, value));
    return new Annotations(byPlace);
  }

  private static void add(Map<Place, Map<String, String>> byPlace, String key, String value) {
    Matcher matcher = KEY.matcher(key);
    if (!matcher.matches()) {
      return;
    }
    String type = matcher.group(1);
    Kind kind =
        type == null
            ? Kind.MANIFEST
            : Kind.valueOf(type.replace('-', '_').toUpperCase(java.util.Locale.ROOT));
    String platform = matcher.group(2);
    if (platform != null && (kind == Kind.INDEX || kind == Kind.INDEX_DESCRIPTOR)) {
      throw BuildFailure.of("invalid annotation key " + key + ": an index has no platform", null);
    }
    byPlace
        .computeIfAbsent(new Place(kind, platform == null ? "" : platform), p -> new TreeMap<>())
        .put(matcher.group(3), value);
  }

  /** Those of one place: the general ones, then those for the platform. */
  Map<String, String> of(Kind kind, String platform) {
    Map<String, String> joined = new TreeMap<>(byPlace.getOrDefault(new Place(kind, ""), Map.of()));
    if (!platform.isEmpty()) {
      joined.putAll(byPlace.getOrDefault(new Place(kind, platform), Map.of()));
    }
    return joined;
  }

  /** Whether any is meant for an index. */
  boolean hasIndex() {
    return byPlace.keySet().stream()
        .anyMatch(p -> p.kind() == Kind.INDEX || p.kind() == Kind.INDEX_DESCRIPTOR);
  }

  /** Whether any is meant for more than a manifest itself, which only OCI types can say. */
  boolean beyondManifests() {
    return byPlace.keySet().stream().anyMatch(p -> p.kind() != Kind.MANIFEST);
  }

  /**
   * Checks that every platform that is named is exported.
   *
   * @throws BuildFailure for one that is not
   */
  void checkPlatforms(Iterable<String> exported) {
    java.util.Set<String> known = new java.util.HashSet<>();
    exported.forEach(known::add);
    for (Place place : byPlace.keySet()) {
      if (!place.platform().isEmpty() && !known.contains(place.platform())) {
        throw BuildFailure.of(
            "invalid annotation: no platform "
                + place.platform()
                + " found in the result; it has "
                + known,
            null);
      }
    }
  }
}
