package dev.kiln.dockerfile.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LintConfigTest {

  @Test
  void optionsAreRead() {
    LintConfig config =
        LintConfig.parse(" skip=StageNameCasing, UndefinedVar ; error = true;experimental=all ");

    assertThat(config.skipped()).isEqualTo(Set.of("StageNameCasing", "UndefinedVar"));
    assertThat(config.failOnWarning()).isTrue();
    assertThat(config.allows(LintRule.UNDEFINED_VAR)).isFalse();
    assertThat(config.allows(LintRule.FROM_AS_CASING)).isTrue();
    assertThat(config.allows(LintRule.INVALID_DEFINITION_DESCRIPTION)).isTrue();
  }

  @Test
  void skippingAllLeavesExperimentalRulesThatWereAskedFor() {
    LintConfig config = LintConfig.parse("skip=all;experimental=InvalidDefinitionDescription");

    assertThat(LintRule.values())
        .filteredOn(config::allows)
        .containsExactly(LintRule.INVALID_DEFINITION_DESCRIPTION);
  }

  @Test
  void experimentalRulesAreSilentByDefault() {
    assertThat(LintRule.values())
        .filteredOn(rule -> !LintConfig.DEFAULT.allows(rule))
        .containsExactly(LintRule.INVALID_DEFINITION_DESCRIPTION);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "skip            | invalid check option \"skip\"",
        "ignore=all      | invalid check option \"ignore\"",
        "error=maybe     | failed to parse check option \"error=maybe\": strconv.ParseBool: parsing \"maybe\": invalid syntax",
      })
  void malformedOptionsAreRefused(String text, String message) {
    assertThatThrownBy(() -> LintConfig.parse(text)).hasMessage(message);
  }

  @Test
  void directiveOfTheFileCounts() {
    assertThat(LintConfig.ofDockerfile(bytes("# check=skip=all // note\nFROM a")).skipAll())
        .isTrue();
    assertThat(LintConfig.ofDockerfile(bytes("FROM a"))).isEqualTo(LintConfig.DEFAULT);
    assertThatThrownBy(() -> LintConfig.ofDockerfile(bytes("# check=x\nFROM a")))
        .hasMessage("failed to parse check options: invalid check option \"x\"");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
