package dev.kiln.dockerfile.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.dockerfile.parser.Location;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LintReporterTest {

  private final List<LintWarning> warnings = new ArrayList<>();

  private LintReporter reporter(String options) {
    return new LintReporter(LintConfig.parse(options), warnings::add);
  }

  @Test
  void shortTextNamesRuleAndLine() {
    reporter("").report(LintFinding.undefinedVar("FOO", "FOOD"), new Location(3, 5));

    assertThat(warnings)
        .extracting(LintWarning::shortText)
        .containsExactly(
            "UndefinedVar: Usage of undefined variable '$FOO' (did you mean $FOOD?) (line 3)");
    assertThat(warnings.getFirst().rule().url())
        .isEqualTo("https://docs.docker.com/go/dockerfile/rule/undefined-var/");
  }

  @Test
  void commentAboveAnInstructionSilencesItsRules() {
    LintReporter reporter = reporter("error=true");
    LintReporter silenced =
        reporter.withComments(List.of("a note", "check=skip=StageNameCasing // why"));

    silenced.report(LintFinding.stageNameCasing("X"), Location.line(1));
    assertThat(warnings).isEmpty();
    assertThatCode(reporter::failIfAsked).doesNotThrowAnyException();

    silenced.report(LintFinding.maintainerDeprecated(), Location.line(1));
    assertThatThrownBy(reporter::failIfAsked)
        .hasMessage("lint violation found for rules: MaintainerDeprecated");
  }

  @Test
  void malformedCommentChangesNothing() {
    LintReporter reporter = reporter("");

    assertThat(reporter.withComments(List.of("check=nonsense"))).isSameAs(reporter);
  }

  @Test
  void eachViolatedRuleIsNamedOnce() {
    LintReporter reporter = reporter("error=true;skip=FromAsCasing");

    reporter.report(LintFinding.stageNameCasing("X"), Location.line(1));
    reporter.report(LintFinding.stageNameCasing("Y"), Location.line(2));
    reporter.report(LintFinding.fromAsCasing("FROM", "as"), Location.line(2));
    reporter.report(LintFinding.duplicateStageName("y"), Location.line(3));

    assertThatThrownBy(reporter::failIfAsked)
        .hasMessage("lint violation found for rules: DuplicateStageName, StageNameCasing");
  }
}
