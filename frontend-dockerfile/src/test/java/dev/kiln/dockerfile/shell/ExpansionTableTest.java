package dev.kiln.dockerfile.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Runs the tables {@code shell/*.table}. A line is {@code input => output}, where the output is a
 * text, {@code words [a] [b]} or {@code error message}; {@code set NAME=value} sets a variable for
 * the lines below, {@code unset NAME} removes it, {@code escape `} changes the escape token, and
 * {@code keep unset} or {@code documents} chooses a lexer.
 */
class ExpansionTableTest {

  private static final Path FOLDER = Path.of("src/test/resources/shell");

  @TestFactory
  Stream<DynamicTest> tables() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.sorted().toList()) {
        tests.addAll(new Table(file).tests());
      }
    }
    return tests.stream();
  }

  private static final class Table {
    private final Path file;
    private final List<DynamicTest> tests = new ArrayList<>();
    private final List<String> variables = new ArrayList<>();
    private ShellLexer lexer = new ShellLexer('\\');

    Table(Path file) {
      this.file = file;
    }

    List<DynamicTest> tests() throws IOException {
      int number = 0;
      for (String line : Files.readAllLines(file)) {
        number++;
        if (!line.isBlank() && !line.startsWith("# ")) {
          read(line, number);
        }
      }
      return tests;
    }

    private void read(String line, int number) {
      int arrow = line.indexOf(" => ");
      if (arrow >= 0) {
        add(line.substring(0, arrow).strip(), line.substring(arrow + 4).strip(), number);
      } else if (line.endsWith(" =>")) {
        add(line.substring(0, line.length() - 3).strip(), "", number);
      } else if (line.startsWith("set ")) {
        variables.add(line.substring("set ".length()));
      } else if (line.startsWith("unset ")) {
        variables.removeIf(entry -> entry.startsWith(line.substring("unset ".length()) + "="));
      } else if (line.startsWith("escape ")) {
        lexer = new ShellLexer(line.charAt("escape ".length()));
      } else if (line.equals("keep unset")) {
        lexer = new ShellLexer('\\').keepingUnset();
      } else if (line.equals("documents")) {
        lexer = ShellLexer.forDocuments();
      } else {
        throw new IllegalArgumentException(file + " line " + number + ": " + line);
      }
    }

    private void add(String input, String expected, int number) {
      ShellLexer chosen = lexer;
      EnvList environment = EnvList.of(variables);
      String name = file.getFileName() + " line " + number + ": " + input;
      tests.add(DynamicTest.dynamicTest(name, () -> check(chosen, environment, input, expected)));
    }
  }

  private static void check(ShellLexer lexer, EnvList environment, String input, String expected) {
    if (expected.startsWith("error ")) {
      assertThatThrownBy(() -> lexer.expand(input, environment))
          .isInstanceOf(ExpansionException.class)
          .hasMessageEndingWith(": " + expected.substring("error ".length()));
    } else if (expected.startsWith("words ")) {
      List<String> words = lexer.words(input, environment);
      assertThat("words [" + String.join("] [", words) + "]").isEqualTo(expected);
    } else {
      assertThat(lexer.expand(input, environment).text()).isEqualTo(expected);
    }
  }
}
