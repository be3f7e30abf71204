package dev.kiln.daemon.cache.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.content.Digest;
import dev.kiln.solver.export.CacheConfig;
import dev.kiln.solver.export.CacheConfig.Chain;
import dev.kiln.solver.export.CacheConfig.Entry;
import dev.kiln.solver.export.CacheConfig.Input;
import dev.kiln.solver.export.CacheConfig.Layer;
import dev.kiln.solver.export.CacheConfig.Top;
import dev.kiln.solver.store.KeyLink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ImportedRecordsTest {
  private static final Instant T = Instant.ofEpochSecond(7);
  private final ImportedRecords records = new ImportedRecords("c/");

  private static Descriptor blob(String content) {
    return new Descriptor("t", Digest.of(content.getBytes(StandardCharsets.UTF_8)), 1);
  }

  private static Map<String, Descriptor> blobs(String... contents) {
    Map<String, Descriptor> blobs = new HashMap<>();
    for (String content : contents) {
      blobs.put(blob(content).digest().text(), blob(content));
    }
    return blobs;
  }

  private static Layer layer(String content, int parent) {
    return new Layer(blob(content).digest().text(), parent, null);
  }

  private static Entry leaf(String digest) {
    return new Entry(digest, List.of(), List.of(), List.of());
  }

  private static Entry step(String digest, int input, Top... results) {
    return new Entry(
        digest, List.of(List.of(new Input("sel", input))), List.of(results), List.of());
  }

  @Test
  void aStepIsFoundByItsInputAndGivesItsLayersLowestFirst() throws IOException {
    CacheConfig config =
        new CacheConfig(
            List.of(layer("b", 1), layer("a", -1)),
            List.of(step("sha256:step", 1, new Top(0, T)), leaf("sha256:leaf")));
    records.add(config, blobs("a", "b"));
    assertThat(records.exists("sha256:leaf")).isTrue();
    List<String> targets = records.targets("sha256:leaf", new KeyLink(0, "sha256:step", "sel"));
    assertThat(targets).hasSize(1);
    assertThat(records.targets("sha256:leaf", new KeyLink(0, "sha256:step", ""))).isEmpty();
    var results = records.results(targets.getFirst());
    assertThat(results).hasSize(1);
    assertThat(results.getFirst().createdAt()).isEqualTo(T);
    assertThat(records.layers(results.getFirst().id())).containsExactly(blob("a"), blob("b"));
    assertThat(records.keysOf(results.getFirst().id())).isEqualTo(targets);
    assertThat(records.backlinks(targets.getFirst()))
        .singleElement()
        .satisfies(link -> assertThat(link.source()).isEqualTo("sha256:leaf"));
  }

  @Test
  void aResultWithALayerThatTheManifestLacksIsLeftOut() throws IOException {
    CacheConfig config =
        new CacheConfig(
            List.of(layer("a", -1), layer("b", 0)),
            List.of(leaf("l"), step("s", 0, new Top(1, T), new Top(0, T))));
    records.add(config, blobs("b"));
    String key = records.targets("l", new KeyLink(0, "s", "sel")).getFirst();
    assertThat(records.results(key)).isEmpty();
  }

  @Test
  void chainsNameTheirLayersOneByOne() throws IOException {
    Entry chained =
        new Entry(
            "s",
            List.of(List.of(new Input("", 0))),
            List.of(),
            List.of(new Chain(List.of(1, 0), T)));
    CacheConfig config =
        new CacheConfig(List.of(layer("a", -1), layer("b", 0)), List.of(leaf("l"), chained));
    records.add(config, blobs("a", "b"));
    String key = records.targets("l", new KeyLink(0, "s", "")).getFirst();
    String result = records.results(key).getFirst().id();
    assertThat(records.layers(result)).containsExactly(blob("b"), blob("a"));
  }

  @Test
  void leavesOfSeveralConfigurationsAreOne() throws IOException {
    for (int i = 0; i < 2; i++) {
      records.add(new CacheConfig(List.of(), List.of(leaf("l"), step("s", 0))), Map.of());
    }
    assertThat(records.targets("l", new KeyLink(0, "s", "sel"))).doesNotHaveDuplicates().hasSize(2);
  }

  @Test
  void malformedConfigurationsAreRefused() {
    assertThatThrownBy(
            () ->
                records.add(
                    new CacheConfig(List.of(), List.of(step("a", 1), step("b", 0))), Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessage("invalid looping record");
    assertThatThrownBy(
            () -> records.add(new CacheConfig(List.of(), List.of(step("a", 4))), Map.of()))
        .hasMessage("invalid record ID: 4");
    Entry empty = new Entry("a", List.of(List.of()), List.of(), List.of());
    assertThatThrownBy(() -> records.add(new CacheConfig(List.of(), List.of(empty)), Map.of()))
        .hasMessage("invalid empty input for record 0");
    assertThatThrownBy(
            () ->
                records.add(
                    new CacheConfig(
                        List.of(layer("a", 1), layer("b", 0)),
                        List.of(leaf("l"), step("s", 0, new Top(0, T)))),
                    blobs("a", "b")))
        .hasMessage("invalid looping layer");
  }

  @Test
  void longChainsAreRead() throws IOException {
    List<Entry> entries = new java.util.ArrayList<>(List.of(leaf("l")));
    for (int i = 0; i < 20_000; i++) {
      entries.add(step("s" + i, i));
    }
    records.add(new CacheConfig(List.of(), entries), Map.of());
    assertThat(records.targets("l", new KeyLink(0, "s0", "sel"))).hasSize(1);
  }
}
