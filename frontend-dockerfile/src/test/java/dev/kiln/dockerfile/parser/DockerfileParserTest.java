package dev.kiln.dockerfile.parser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.dockerfile.GoldenFolder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class DockerfileParserTest {

  @TestFactory
  Stream<DynamicTest> trees() {
    return new GoldenFolder("parser").tests(".dockerfile", ".tree", TreeDump::of);
  }

  @Test
  void byteOrderMarkIsDropped() {
    byte[] text = "\uFEFFFROM alpine".getBytes(StandardCharsets.UTF_8);

    assertThat(DockerfileParser.parse(text).nodes().getFirst().keyword()).isEqualTo("FROM");
  }

  @Test
  void windowsLineEndsAreDroppedExceptInHeredocs() {
    SyntaxTree tree = DockerfileParser.parse("RUN a \\\r\n  b\r\nRUN <<E\r\nx\r\nE\r\n");

    assertThat(tree.nodes().getFirst().original()).isEqualTo("RUN a   b");
    assertThat(tree.nodes().getLast().heredocs().getFirst().content()).isEqualTo("x\r\n");
  }

  @Test
  void lineOver64KiBIsRefused() {
    String longest = "LABEL a=" + "b".repeat(65_535 - "LABEL a=".length());

    assertThat(DockerfileParser.parse(longest + "\n").nodes()).hasSize(1);
    assertThatThrownBy(() -> DockerfileParser.parse("FROM a\n" + longest + "b\n"))
        .hasMessage("dockerfile line greater than max allowed size of 65535")
        .satisfies(
            e ->
                assertThat(((DockerfileException) e).locations())
                    .containsExactly(Location.line(2)));
  }

  @Test
  void timeGrowsWithLength() {
    String block = "RUN echo \\\n  $HOME && \\\n  # comment\n  echo done\nENV a=b c=\"d e\"\n";
    String large = "FROM alpine\n" + block.repeat(20_000);

    long start = System.nanoTime();
    SyntaxTree tree = DockerfileParser.parse(large);
    Duration took = Duration.ofNanos(System.nanoTime() - start);

    assertThat(tree.nodes()).hasSize(40_001);
    assertThat(took).isLessThan(Duration.ofSeconds(5));
  }
}
