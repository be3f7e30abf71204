package dev.kiln.dockerfile.llb;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathsTest {

  @ParameterizedTest
  @CsvSource({
    "'', .",
    "a//b/, a/b",
    "/../a, /a",
    "../../a/../b, ../../b",
    "./a/./b/.., a",
    "/, /",
    "a/.., ."
  })
  void cleans(String path, String expected) {
    assertThat(Paths.clean(path)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"'', .", "/, /", "///, /", "a/b/, b", "a, a", "/a, a"})
  void takesTheBase(String path, String expected) {
    assertThat(Paths.base(path)).isEqualTo(expected);
  }

  @Test
  void joinsAndKeepsWhatSaysDirectory() {
    assertThat(Paths.join("/", "", "a", "../b")).isEqualTo("/b");
    assertThat(Paths.join("", "")).isEmpty();
    assertThat(Paths.absolute("/w", "a/", true)).isEqualTo("/w/a/");
    assertThat(Paths.absolute("/w", "a/.", true)).isEqualTo("/w/a/.");
    assertThat(Paths.absolute("/w", "/", true)).isEqualTo("/");
    assertThat(Paths.absolute("/w", "a/", false)).isEqualTo("/w/a");
  }
}
