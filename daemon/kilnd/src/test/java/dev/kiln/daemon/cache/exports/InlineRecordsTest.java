package dev.kiln.daemon.cache.exports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.solver.export.CacheConfig;
import dev.kiln.solver.export.CacheConfig.Chain;
import dev.kiln.solver.export.CacheConfig.Entry;
import dev.kiln.solver.export.CacheConfig.Layer;
import dev.kiln.solver.export.CacheConfig.Top;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class InlineRecordsTest {
  private static final Instant T = Instant.ofEpochSecond(7);
  private final InlineRecords image = new InlineRecords(List.of("a", "b", "c"));

  /** Layers a on nothing, b on a, c on nothing, x on a. */
  private static CacheConfig config(int... tops) {
    List<Layer> layers =
        List.of(
            new Layer("a", -1, null),
            new Layer("b", 0, null),
            new Layer("c", -1, null),
            new Layer("x", 0, null));
    return new CacheConfig(
        layers,
        java.util.Arrays.stream(tops)
            .mapToObj(top -> new Entry("d" + top, List.of(), List.of(new Top(top, T)), List.of()))
            .toList());
  }

  @Test
  void aResultThatIsTheBottomOfTheImageIsToldByItsTop() {
    List<Entry> entries = image.of(config(1));
    assertThat(entries).isNotNull();
    assertThat(entries.getFirst().results()).containsExactly(new Top(1, T));
    assertThat(entries.getFirst().chains()).isEmpty();
  }

  @Test
  void otherLayersOfTheImageAreToldOneByOne() {
    List<Entry> entries = image.of(config(2));
    assertThat(entries).isNotNull();
    assertThat(entries.getFirst().results()).isEmpty();
    assertThat(entries.getFirst().chains())
        .containsExactly(new Chain(List.of(2), CacheConfig.NO_TIME));
  }

  @Test
  void resultsThatTheImageLacksGoButTheirRecordsStay() {
    List<Entry> entries = image.of(config(0, 3));
    assertThat(entries).isNotNull();
    assertThat(entries).hasSize(2);
    assertThat(entries.get(1).results()).isEmpty();
    assertThat(image.of(config(3))).isNull();
  }
}
