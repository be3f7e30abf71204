package dev.kiln.dockerfile.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShellLexerTest {

  private final ShellLexer lexer = new ShellLexer('\\');

  @Test
  void usedVariablesAreNoted() {
    EnvList environment = EnvList.of(List.of("A=1", "B=", "C=x"));

    Expansion expansion = lexer.expand("$C ${B:-$A} ${D:-} '$E' ${F+$G}", environment);

    assertThat(expansion.text()).isEqualTo("x 1  $E ");
    assertThat(expansion.matched()).containsExactly("C", "A", "B");
    assertThat(expansion.unmatched()).containsExactly("D", "G", "F");
  }

  @Test
  void deepNestingIsRefusedNotFatal() {
    String nested = "${a:-".repeat(10_000) + "}".repeat(10_000);

    assertThatThrownBy(() -> lexer.expand(nested, Environment.EMPTY))
        .isInstanceOf(ExpansionException.class)
        .hasMessageEndingWith("substitutions are nested too deeply");
  }

  @Test
  void manyWildcardsStayFast() {
    EnvList environment = EnvList.of(List.of("A=" + "a".repeat(5_000)));
    String stars = "*a".repeat(200);

    assertThat(lexer.expand("${A%%" + stars + "b}", environment).text()).hasSize(5_000);
  }

  @Test
  void variableSetAgainMovesToTheEnd() {
    EnvList environment = EnvList.of(List.of("A=1", "B=2", "A=3", "C"));

    assertThat(environment.entries()).containsExactly("B=2", "A=3", "C=");
    assertThat(environment.with("B", "4").keys()).containsExactly("A", "C", "B");
    assertThat(environment.withAll(Map.of()).entries()).isEqualTo(environment.entries());
    assertThat(environment.get("missing")).isNull();
  }
}
