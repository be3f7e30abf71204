package dev.kiln.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ComparisonTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final Instant LONG_AGO = Instant.parse("2001-02-03T04:05:06Z");
  private static final String CONFIG =
      """
      {"os":"linux","architecture":"amd64","created":"2026-01-02T03:04:05Z",
       "config":{"Env":["a=b"],"Cmd":["sh"]},
       "history":[{"created_by":"RUN x","created":"2026-01-02T03:04:05Z"}]}
      """;

  @Test
  void sameResultsDoNotDiffer() {
    assertThat(Comparison.of(built(CONFIG, file("a")), built(CONFIG, file("a")))).isEmpty();
  }

  @Test
  void timesOfTheBuildItselfDoNotCount() {
    String later = CONFIG.replace("03:04:05", "09:10:11");
    Outcome other = built(later, entry("a", "file", 0644, "1", NOW.plusSeconds(9)));
    assertThat(Comparison.of(built(CONFIG, file("a")), other)).isEmpty();
  }

  @Test
  void inheritedTimesCount() {
    Outcome other = built(CONFIG, entry("a", "file", 0644, "1", LONG_AGO));
    assertThat(parts(built(CONFIG, file("a")), other)).containsExactly(Part.FS);
    String pinned = CONFIG.replaceFirst("2026", "2001");
    assertThat(parts(built(CONFIG), built(pinned))).containsExactly(Part.CONFIG);
  }

  @Test
  void foldersMayKeepATimeThatTheOtherDoesNotKeep() {
    Outcome kept = built(CONFIG, entry("a", "folder", 0755, "", LONG_AGO));
    Outcome fresh = built(CONFIG, entry("a", "folder", 0755, "", NOW));
    assertThat(parts(kept, fresh)).isEmpty();
    assertThat(parts(fresh, kept)).containsExactly(Part.FS);
  }

  @Test
  void everyPropertyOfAnEntryCounts() {
    Outcome own = built(CONFIG, file("a"));
    for (TreeEntry other :
        List.of(
            entry("a", "file", 0600, "1", NOW),
            entry("a", "file", 0644, "2", NOW),
            entry("a", "folder", 0644, "1", NOW),
            new TreeEntry("a", "file", 0644, 5, 0, 1, "1", "", "", Map.of(), NOW),
            new TreeEntry("a", "file", 0644, 0, 0, 2, "1", "", "", Map.of(), NOW),
            new TreeEntry("a", "file", 0644, 0, 0, 1, "1", "to", "", Map.of(), NOW),
            new TreeEntry("a", "file", 0644, 0, 0, 1, "1", "", "1:3", Map.of(), NOW),
            new TreeEntry("a", "file", 0644, 0, 0, 1, "1", "", "", Map.of("user.x", "y"), NOW))) {
      assertThat(parts(own, built(CONFIG, other))).as("%s", other).containsExactly(Part.FS);
    }
  }

  @Test
  void missingEntriesShowInFilesAndLayers() {
    assertThat(parts(built(CONFIG, file("a"), file("b")), built(CONFIG, file("a"))))
        .containsExactly(Part.LAYERS, Part.FS);
  }

  @Test
  void configurationCounts() {
    assertThat(Comparison.of(built(CONFIG), built(CONFIG.replace("a=b", "a=c"))))
        .singleElement()
        .isEqualTo(new Difference(Part.CONFIG, "/config/Env: [\"a=b\"] | [\"a=c\"]"));
  }

  @Test
  void platformsCount() {
    assertThat(parts(built(CONFIG), built(CONFIG.replace("amd64", "arm64"))))
        .containsExactly(Part.CONFIG, Part.CONFIG);
  }

  @Test
  void historyCounts() {
    assertThat(parts(built(CONFIG), built(CONFIG.replace("RUN x", "RUN y"))))
        .containsExactly(Part.HISTORY);
    String empty = CONFIG.replace("\"RUN x\"", "\"RUN x\",\"empty_layer\":true");
    assertThat(parts(built(CONFIG), built(empty))).containsExactly(Part.HISTORY);
  }

  @Test
  void numberOfLayersCounts() {
    Image one = new Image(JsonMapper.shared().readTree(CONFIG), List.of(List.of(file("a"))));
    Image two = new Image(one.config(), List.of(List.of(), List.of(file("a"))));
    assertThat(parts(outcome(one), outcome(two))).containsExactly(Part.LAYERS);
  }

  @Test
  void stepsAndWarningsCount() {
    Outcome own = new Outcome(List.of(), List.of(), List.of("w"), List.of("[1/1] RUN x"));
    Outcome other = new Outcome(List.of(), List.of(), List.of(), List.of("[1/2] RUN x"));
    assertThat(parts(own, other)).containsExactly(Part.WARNINGS, Part.STEPS, Part.STEPS);
  }

  @Test
  void errorsCount() {
    Outcome own = new Outcome(List.of(), List.of("error: a"), List.of(), List.of());
    Outcome other = new Outcome(List.of(), List.of("error: b"), List.of(), List.of());
    assertThat(parts(own, own)).isEmpty();
    assertThat(parts(own, other)).containsExactly(Part.ERROR);
    assertThat(parts(own, built(CONFIG))).containsExactly(Part.ERROR);
  }

  @Test
  void laterLayersHideWhatIsBelow() {
    Image image =
        new Image(
            JsonMapper.shared().readTree(CONFIG),
            List.of(
                List.of(folder("d"), file("d/a"), file("d/b"), folder("e"), file("e/c")),
                List.of(folder("d"), file("d/.wh.a"), file("e"), file(".wh.gone")),
                List.of(folder("d"), file("d/.wh..wh..opq"), file("d/new"))));
    assertThat(image.tree()).containsOnlyKeys("d", "d/new", "e");
  }

  @Test
  void reasonsExcuseTheirPartOnly() {
    List<Difference> differences =
        List.of(new Difference(Part.FS, "a"), new Difference(Part.CONFIG, "b"));
    Verdict verdict = new Verdict("name", differences, Map.of(Part.FS, "since", Part.ERROR, "old"));
    assertThat(verdict.unexplained()).containsExactly(differences.getLast());
    assertThat(verdict.text())
        .startsWith("DIFFERS   name")
        .contains("config: b", "error has a reason but does not differ");
  }

  private static List<Part> parts(Outcome own, Outcome other) {
    return Comparison.of(own, other).stream().map(Difference::part).toList();
  }

  private static Outcome built(String config, TreeEntry... entries) {
    return outcome(new Image(JsonMapper.shared().readTree(config), List.of(List.of(entries))));
  }

  private static Outcome outcome(Image image) {
    return new Outcome(List.of(image), List.of(), List.of(), List.of());
  }

  private static TreeEntry file(String path) {
    return entry(path, "file", 0644, "1", NOW);
  }

  private static TreeEntry folder(String path) {
    return entry(path, "folder", 0755, "", NOW);
  }

  private static TreeEntry entry(String path, String kind, int mode, String digest, Instant time) {
    return new TreeEntry(path, kind, mode, 0, 0, 1, digest, "", "", Map.of(), time);
  }
}
