package dev.kiln.dockerfile.parser;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeredocMarkTest {

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      value = {
        "<<EOF,         EOF,   0, true,  false",
        "<<-EOF,        EOF,   0, true,  true",
        "<<'EOF',       EOF,   0, false, false",
        "<<\"EOF\",     EOF,   0, false, false",
        "<<-'EOF',      EOF,   0, false, true",
        "<<EO'F',       EOF,   0, false, false",
        "<< EOF,        EOF,   0, true,  false",
        "<<- EOF,       EOF,   0, true,  true",
        "4<<EOF,        EOF,   4, true,  false",
        "<<EO\\'F,      EO'F,  0, true,  false",
        "<<'a b',       a b,   0, false, false",
        "<<$EOF,        $EOF,  0, true,  false",
        "<<app.conf,    app.conf, 0, true, false",
      })
  void markIsRead(String word, String name, int descriptor, boolean expand, boolean chomp) {
    assertThat(HeredocMark.parse(word)).contains(new Heredoc(name, descriptor, expand, chomp, ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "EOF", "<<", "<<-", "<EOF", "<<<EOF", "<<EOF sh", "<<'EOF", "<<EOF\"", "x<<E"})
  void otherWordsAreNoMarks(String word) {
    assertThat(HeredocMark.parse(word)).isEmpty();
  }

  @Test
  void quotedMarksBelongToTheCommand() {
    assertThat(HeredocMark.find("RUN echo '<<A' \"<<B\" <<C 3<< D"))
        .extracting(Heredoc::name)
        .containsExactly("C", "D");
  }

  @Test
  void chompingRemovesTabsOnly() {
    assertThat(Heredoc.chomped("\t\ta\n \tb\n\tc\td")).isEqualTo("a\n \tb\nc\td");
  }
}
