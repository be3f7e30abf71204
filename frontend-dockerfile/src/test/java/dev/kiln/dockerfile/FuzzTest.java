package dev.kiln.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.kiln.dockerfile.instruction.Dockerfile;
import dev.kiln.dockerfile.instruction.DockerfileReader;
import dev.kiln.dockerfile.lint.LintReporter;
import dev.kiln.dockerfile.parser.DockerfileException;
import dev.kiln.dockerfile.parser.DockerfileParser;
import dev.kiln.dockerfile.parser.Node;
import dev.kiln.dockerfile.parser.SyntaxTree;
import dev.kiln.dockerfile.shell.EnvList;
import dev.kiln.dockerfile.shell.ExpansionException;
import dev.kiln.dockerfile.shell.ShellLexer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random texts made of the language's own parts. Whatever they are, only the meant exceptions may
 * come out. A failure names the seed; {@code -Dkiln.seed=N} replays it.
 */
class FuzzTest {

  private static final int ROUNDS = 10_000;
  private static final List<String> SHELL_PARTS =
      List.of(
          "$",
          "{",
          "}",
          "${",
          "${A",
          "${A:-",
          "${A#",
          "${A%%",
          "${A/",
          "${A//",
          ":",
          "-",
          "+",
          "?",
          "#",
          "%",
          "/",
          "*",
          "\\",
          "`",
          "'",
          "\"",
          " ",
          "\t",
          "\n",
          "<<",
          "a",
          "b",
          "A",
          "é",
          "\ud83d\ude80",
          "\ud83d",
          "1",
          "@",
          "\0");
  private static final List<String> FILE_PARTS =
      List.of(
          "FROM",
          "RUN",
          "COPY",
          "ADD",
          "ENV",
          "LABEL",
          "ARG",
          "CMD",
          "HEALTHCHECK",
          "EXPOSE",
          "ONBUILD",
          "SHELL",
          "VOLUME",
          "USER",
          "from",
          "AS",
          "a",
          "b=c",
          "d=\"e",
          "f'",
          "[\"x\"",
          ", \"y\"]",
          "[",
          "]",
          "<<E",
          "<<-E",
          "<<'E'",
          "E",
          "--mount=type=",
          "cache",
          ",",
          "target=/t",
          "--from=",
          "--interval=",
          "5s",
          "--",
          "-",
          "=",
          " ",
          " ",
          " ",
          "\t",
          "\n",
          "\n",
          "\n",
          "\r\n",
          "\\\n",
          "\\ \n",
          "`\n",
          "# ",
          "# escape=`\n",
          "# check=skip=all\n",
          "#",
          "\uFEFF",
          "\u00a0",
          "$A",
          "${A:?}",
          "é",
          "\ud83d",
          "\0");

  private final long seed = Long.getLong("kiln.seed", System.nanoTime());
  private final Random random = new Random(seed);

  private String text(List<String> parts, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(length); i >= 0; i--) {
      text.append(parts.get(random.nextInt(parts.size())));
    }
    return text.toString();
  }

  @Test
  void expansionFailsOnlyAsMeant() {
    EnvList environment = EnvList.of(List.of("A=a/b*c", "b=", "a=x y"));
    for (int i = 0; i < ROUNDS; i++) {
      String text = text(SHELL_PARTS, 20);
      ShellLexer lexer =
          new ShellLexer(
              random.nextBoolean() ? '\\' : '`',
              random.nextBoolean(),
              random.nextBoolean(),
              random.nextBoolean(),
              random.nextBoolean());
      try {
        String expanded = lexer.expand(text, environment).text();
        assertThat(lexer.words(text, environment)).doesNotContain("");
        assertThat(expanded.length()).isLessThan(1_000);
      } catch (ExpansionException meant) {
        assertThat(meant).hasMessageStartingWith("failed to process ");
      } catch (RuntimeException | StackOverflowError e) {
        fail("seed " + seed + ", text " + text, e);
      }
    }
  }

  @Test
  void parsingFailsOnlyAsMeant() {
    for (int i = 0; i < ROUNDS; i++) {
      String text = text(FILE_PARTS, 60);
      try {
        SyntaxTree tree = DockerfileParser.parse(text);
        int lines = (int) text.chars().filter(c -> c == '\n').count() + 1;
        int last = 0;
        for (Node node : tree.nodes()) {
          assertThat(node.location().startLine()).as("seed %d", seed).isGreaterThan(last);
          last = node.location().endLine();
        }
        assertThat(last).as("seed %d", seed).isLessThanOrEqualTo(lines);
        Dockerfile dockerfile = DockerfileReader.read(tree, LintReporter.silent());
        dockerfile
            .stages()
            .forEach(stage -> stage.instructions().forEach(one -> one.expand(word -> word)));
      } catch (DockerfileException meant) {
        assertThat(meant.message()).isNotEmpty();
      } catch (RuntimeException | StackOverflowError e) {
        fail("seed " + seed + ", text " + text, e);
      }
    }
  }
}
