package dev.kiln.snapshotter.fileop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModeChangeTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "755, 0644, file, 0755",
        "04711, 0644, file, 04711",
        "u+x, 0644, file, 0744",
        "go-w, 0666, file, 0644",
        "a=r, 0777, file, 0444",
        "=rw, 06777, file, 0666",
        "+x, 0644, file, 0755",
        "+X, 0644, file, 0644",
        "+X, 0744, file, 0755",
        "+X, 0644, dir, 0755",
        "\"u=rwx,go=u-w\", 0600, file, 0755",
        "go=, 0777, file, 0700",
        "g=u, 0640, file, 0660",
        "g-u, 0666, file, 0606",
        "o+g, 0640, file, 0644",
        "u+s, 0755, file, 04755",
        "ug+s, 0755, file, 06755",
        "o+s, 0755, file, 0755",
        "+t, 0755, dir, 01755",
        "a+rwX, 0600, dir, 0777",
        "\"a-x,u+X\", 0755, file, 0744",
        "u=rwx, 04600, file, 0700",
        "u+r-w, 0200, file, 0400"
      })
  void appliesAsChmodDoes(String text, String before, String kind, String after) {
    int result = ModeChange.parse(text).apply(Integer.parseInt(before, 8), kind.equals("dir"));
    assertThat("0" + Integer.toOctalString(result)).isEqualTo(after);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "u", "rw", "9", "0999", "17777", "u?x", "u+x,", ",u+x", "u+y"})
  void refusesWhatIsNoMode(String text) {
    assertThatThrownBy(() -> ModeChange.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("invalid syntax");
  }
}
