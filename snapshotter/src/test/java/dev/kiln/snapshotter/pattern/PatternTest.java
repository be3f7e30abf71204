package dev.kiln.snapshotter.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/** The tables hold the answers of the Go libraries that clients use. */
class PatternTest {
  @Test
  void pathMatchAnswersAsGoDoes() {
    SoftAssertions all = new SoftAssertions();
    for (String[] row : CaseTable.read("go-match.tsv")) {
      all.assertThat(goMatch(row[0], row[1])).as("%s on %s", row[0], row[1]).isEqualTo(row[2]);
    }
    all.assertAll();
  }

  private static String goMatch(String pattern, String name) {
    try {
      return String.valueOf(GoPathMatch.matches(pattern, name));
    } catch (BadPatternException e) {
      return "error";
    }
  }

  @Test
  void ignoreListsAnswerAsMobyDoes() {
    SoftAssertions all = new SoftAssertions();
    for (String[] row : CaseTable.read("ignore-match.tsv")) {
      List<String> patterns = List.of(row[0].split("\n", -1));
      all.assertThat(ignoreMatch(patterns, row[1]))
          .as("%s on %s", patterns, row[1])
          .isEqualTo(row[2]);
    }
    all.assertAll();
  }

  /** The answer to the path alone, then the one with results carried from directory to child. */
  private static String ignoreMatch(List<String> texts, String path) {
    try {
      IgnorePatterns patterns = IgnorePatterns.of(texts);
      IgnorePatterns.Match match = IgnorePatterns.Match.NONE;
      for (int slash = 0; slash >= 0; ) {
        slash = path.indexOf('/', slash + 1);
        match = patterns.match(slash < 0 ? path : path.substring(0, slash), match);
      }
      return patterns.matches(path) + " " + match.matched();
    } catch (BadPatternException e) {
      return "error: " + e.getMessage();
    }
  }

  @Test
  void ignoreFilesReadAsMobyReadsThem() {
    for (String[] row : CaseTable.read("ignorefile.tsv")) {
      assertThat(String.join("\n", IgnoreFile.parse(row[0]))).isEqualTo(row[1]);
    }
  }

  @Test
  void pathsCleanAsInGo() {
    SoftAssertions all = new SoftAssertions();
    for (String[] row : CaseTable.read("clean.tsv")) {
      all.assertThat(SlashPath.clean(row[0])).as("clean %s", row[0]).isEqualTo(row[1]);
      all.assertThat(SlashPath.base(row[0])).as("base %s", row[0]).isEqualTo(row[2]);
      all.assertThat(SlashPath.dir(row[0])).as("dir %s", row[0]).isEqualTo(row[3]);
    }
    all.assertAll();
    assertThat(SlashPath.clean("")).isEqualTo(".");
    assertThat(SlashPath.join("", "")).isEmpty();
    assertThat(SlashPath.join("/", "a", "../b")).isEqualTo("/b");
    assertThat(SlashPath.absolute("../x/")).isEqualTo("/x");
  }

  @Test
  void manyStarsDoNotExplode() {
    String pattern = "**/a*".repeat(20) + "**/z";
    assertThat(IgnorePatterns.of(List.of(pattern)).matches("a/".repeat(200) + "b")).isFalse();
  }

  @Test
  void prefixTellsWhereMatchesCanBe() {
    IgnorePattern pattern = IgnorePatterns.of(List.of("!src/main/**")).patterns().getFirst();
    assertThat(pattern.exception()).isTrue();
    assertThat(pattern.prefix()).isEqualTo("src/main");
    assertThat(pattern.hasPlainPrefix()).isTrue();
    assertThat(IgnorePatterns.of(List.of("a/*/b")).patterns().getFirst().hasPlainPrefix())
        .isFalse();
  }

  @Test
  void resultsOfAnotherListAreRefused() {
    IgnorePatterns two = IgnorePatterns.of(List.of("a", "b"));
    IgnorePatterns one = IgnorePatterns.of(List.of("a"));
    var match = two.match("x", IgnorePatterns.Match.NONE);
    assertThatThrownBy(() -> one.match("x/y", match)).isInstanceOf(IllegalArgumentException.class);
  }
}
