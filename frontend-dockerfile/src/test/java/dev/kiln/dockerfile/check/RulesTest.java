package dev.kiln.dockerfile.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.dockerfile.GoldenFolder;
import dev.kiln.dockerfile.instruction.Dockerfile;
import dev.kiln.dockerfile.instruction.DockerfileReader;
import dev.kiln.dockerfile.lint.LintConfig;
import dev.kiln.dockerfile.lint.LintReporter;
import dev.kiln.dockerfile.parser.DockerfileParser;
import dev.kiln.dockerfile.parser.SyntaxTree;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RulesTest {

  @TestFactory
  Stream<DynamicTest> warnings() {
    return new GoldenFolder("lint").tests(".dockerfile", ".warnings", RulesTest::lint);
  }

  private static String lint(String text) {
    StringBuilder out = new StringBuilder();
    LintReporter lint =
        new LintReporter(
            LintConfig.ofDockerfile(text.getBytes(StandardCharsets.UTF_8)),
            warning -> out.append(warning.shortText()).append('\n'));
    SyntaxTree tree = DockerfileParser.parse(text);
    FileRules.checkText(tree, lint);
    Dockerfile dockerfile = DockerfileReader.read(tree, lint);
    FileRules.checkStages(dockerfile, lint);
    return out.toString();
  }

  @ParameterizedTest
  @CsvSource({
    "API_KEY, true",
    "DATABASE_PASSWORD, true",
    "auth, true",
    "SECRET_x, true",
    "git_credentials, true",
    "APIKEY, true",
    "KEYBOARD, false",
    "AUTHOR, false",
    "PUBLIC_KEY, false",
    "TOKEN_FILE, false",
    "AUTH_MODULE_VERSION, false",
    "MONKEY, false"
  })
  void secretNames(String name, boolean secret) {
    assertThat(SecretNames.isSecret(name)).isEqualTo(secret);
  }
}
