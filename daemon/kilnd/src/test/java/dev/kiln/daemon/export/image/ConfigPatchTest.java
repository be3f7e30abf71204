package dev.kiln.daemon.export.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.content.Digest;
import dev.kiln.snapshotter.layer.LayerBlob;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ConfigPatchTest {
  private static final Instant BASE = Instant.parse("2001-01-01T00:00:00Z");
  private static final Instant FIRST = Instant.parse("2025-01-01T00:00:00Z");
  private static final Instant SECOND = Instant.parse("2026-01-01T00:00:00Z");
  private static final String BASE_ENTRY =
      "{\"created\":\"2001-01-01T00:00:00Z\",\"created_by\":\"base\"}";
  private static final String SETTING = "{\"created_by\":\"ENV\",\"empty_layer\":true}";
  private static final String STEP = "{\"created_by\":\"RUN\"}";

  @Test
  void settingsRightBehindTheBaseAreAsNewAsTheFirstNewLayer() {
    assertThat(times(null, List.of(BASE_ENTRY, SETTING, SETTING, STEP, SETTING, STEP, SETTING)))
        .containsExactly(
            BASE.toString(),
            FIRST.toString(),
            FIRST.toString(),
            FIRST.toString(),
            FIRST.toString(),
            SECOND.toString(),
            SECOND.toString());
  }

  @Test
  void settingsWithoutNewLayersAreAsOldAsTheBase() {
    assertThat(times(null, List.of(BASE_ENTRY, SETTING)))
        .containsExactly(BASE.toString(), BASE.toString());
  }

  @Test
  void newTimesAreCutOffAtTheEpochButTheBaseIsNot() {
    Instant epoch = Instant.parse("2000-01-01T00:00:00Z");
    assertThat(times(epoch, List.of(BASE_ENTRY, SETTING, STEP)))
        .containsExactly(BASE.toString(), epoch.toString(), epoch.toString());
    assertThat(times(epoch, List.of(SETTING))).containsExactly(epoch.toString());
  }

  private static List<String> times(@Nullable Instant epoch, List<String> entries) {
    List<ConfigPatch.Layer> layers = new ArrayList<>();
    boolean based = entries.contains(BASE_ENTRY);
    for (String entry : entries) {
      if (!entry.equals(SETTING)) {
        Instant made = entry.equals(BASE_ENTRY) ? BASE : layers.size() > 1 ? SECOND : FIRST;
        layers.add(layer(made));
      }
    }
    String config =
        "{\"os\":\"linux\",\"architecture\":\"amd64\",\"history\":["
            + String.join(",", entries)
            + "]}";
    byte[] patched =
        ConfigPatch.apply(
            config.getBytes(StandardCharsets.UTF_8),
            new ConfigPatch.Patch(layers, based ? 1 : 0, epoch, null));
    List<String> times = new ArrayList<>();
    for (JsonNode entry : JsonMapper.shared().readTree(patched).path("history")) {
      times.add(entry.path("created").asString(""));
    }
    return times;
  }

  private static ConfigPatch.Layer layer(Instant made) {
    Digest digest = Digest.of(made.toString().getBytes(StandardCharsets.UTF_8));
    Descriptor descriptor = new Descriptor("layer", digest, 1, Map.of());
    return new ConfigPatch.Layer(new LayerBlob(descriptor, digest), made, "made");
  }
}
