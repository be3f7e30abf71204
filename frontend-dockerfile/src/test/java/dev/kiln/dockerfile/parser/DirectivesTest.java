package dev.kiln.dockerfile.parser;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectivesTest {

  private static Optional<Directive> syntax(String text) {
    return Directives.syntax(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Optional<Directive> check(String text) {
    return Directives.find("check", text.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "# syntax=docker/dockerfile:1\nFROM a",
        "#Syntax = docker/dockerfile:1   \nFROM a",
        "# escape=`\n# syntax=docker/dockerfile:1",
        "// syntax=docker/dockerfile:1\n{}",
        "#!/usr/bin/env frontend\n# syntax=docker/dockerfile:1",
        "#!/usr/bin/env frontend\n//syntax=docker/dockerfile:1",
        "\uFEFF# syntax=docker/dockerfile:1\r\nFROM a",
        "{\"other\": [1], \"syntax\": \"docker/dockerfile:1\"}",
      })
  void syntaxIsFoundInEachForm(String text) {
    assertThat(syntax(text)).map(Directive::value).contains("docker/dockerfile:1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "FROM a",
        "\n# syntax=docker/dockerfile:1",
        "# comment\n# syntax=docker/dockerfile:1",
        "#!/usr/bin/env frontend\n\n# syntax=docker/dockerfile:1",
        "{\"syntax\": 1}",
        "{\"syntax\": \"docker/dockerfile:1\"",
        "{\"syntax\": \"docker/dockerfile:1\"}\n# more",
      })
  void syntaxIsNotFoundElsewhere(String text) {
    assertThat(syntax(text)).isEmpty();
  }

  @Test
  void firstWordLeavesOptionsBehind() {
    Directive found = syntax("#!x\n# syntax = my/frontend:2 // option\n").orElseThrow();

    assertThat(found.firstWord()).isEqualTo("my/frontend:2");
    assertThat(found.value()).isEqualTo("my/frontend:2 // option");
    assertThat(found.location()).isEqualTo(Location.line(2));
  }

  @Test
  void otherDirectivesHaveOneFormOnly() {
    assertThat(check("# check=skip=all\n")).map(Directive::value).contains("skip=all");
    assertThat(check("// check=skip=all\n")).isEmpty();
    assertThat(check("{\"check\": \"skip=all\"}")).isEmpty();
  }
}
