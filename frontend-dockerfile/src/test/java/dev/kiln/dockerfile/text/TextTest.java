package dev.kiln.dockerfile.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextTest {

  @ParameterizedTest
  @CsvSource({
    "FORM, FROM",
    "form, from",
    "Form, from",
    "CPOY, COPY",
    "HELTHCHECK, HEALTHCHECK",
    "RUNN, RUN",
    "BANANA, ''",
    "RUN, ''"
  })
  void nearestWordIsSuggestedInTheSameCase(String word, String expected) {
    List<String> options = List.of("COPY", "FROM", "HEALTHCHECK", "RUN");

    assertThat(Suggestion.nearest(word, options, false).orElse("")).isEqualTo(expected);
  }

  @Test
  void caseCountsWhereItMatters() {
    assertThat(Suggestion.nearest("Linkk", List.of("link", "LINK"), true)).contains("link");
    assertThat(Suggestion.append("unknown flag: --frm", "frm", List.of("from"), true))
        .isEqualTo("unknown flag: --frm (did you mean from?)");
  }

  @Test
  void quotingEscapesWhatCannotBeSeen() {
    assertThat(Quoted.quoted("a\"b\\c\n\t\u0007\u001b\u00e9\u200b\u2028\ud83d\ude80"))
        .isEqualTo("\"a\\\"b\\\\c\\n\\t\\a\\x1b\u00e9\\u200b\\u2028\ud83d\ude80\"");
    assertThat(Quoted.quoted(List.of("a b", "c"))).isEqualTo("[\"a b\" \"c\"]");
  }

  @Test
  void csvFieldsMayBeQuoted() {
    assertThat(CsvFields.of("a=1,b")).containsExactly("a=1", "b");
    assertThat(CsvFields.of("\"a=1,2\",b,")).containsExactly("a=1,2", "b", "");
    assertThat(CsvFields.of("\"a \"\"b\"\"\"")).containsExactly("a \"b\"");
    assertThat(CsvFields.of(",")).containsExactly("", "");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "~~      | EOF",
        "a\"b    | parse error on line 1, column 2: bare \" in non-quoted field",
        "\"a     | parse error on line 1, column 2: extraneous or missing \" in quoted-field",
        "\"a\"b  | parse error on line 1, column 3: extraneous or missing \" in quoted-field",
      })
  void misplacedQuotesAreRefused(String line, String message) {
    assertThatThrownBy(() -> CsvFields.of(line)).hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "5s, 5000000000",
    "1h2m3.5s, 3723500000000",
    "-1.5ms, -1500000",
    "1us, 1000",
    ".5s, 500000000"
  })
  void durationsAreRead(String text, long nanos) {
    assertThat(DurationText.parse(text)).isEqualTo(Duration.ofNanos(nanos));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", "5", "5x", "s", "1h-2m", "300000000h", "1.2.3s", " 5s"})
  void malformedDurationsAreRefused(String text) {
    assertThatThrownBy(() -> DurationText.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "10, 10",
    "10b, 10",
    "1k, 1024",
    "1KB, 1024",
    "1kib, 1024",
    "64m, 67108864",
    "1.5 GiB, 1610612736",
    "2t, 2199023255552",
    "-1, -1",
    "1x, -1",
    "m, -1",
    "1kx, -1",
    "'', -1"
  })
  void sizesAreRead(String text, long bytes) {
    assertThat(ByteSize.parse(text).orElse(-1)).isEqualTo(bytes);
  }
}
