package dev.kiln.dockerfile.instruction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.dockerfile.GoldenFolder;
import dev.kiln.dockerfile.lint.LintConfig;
import dev.kiln.dockerfile.lint.LintReporter;
import dev.kiln.dockerfile.parser.DockerfileParser;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class DockerfileReaderTest {

  @TestFactory
  Stream<DynamicTest> instructions() {
    return new GoldenFolder("instruction")
        .tests(".dockerfile", ".instructions", InstructionDump::of);
  }

  @TestFactory
  Stream<DynamicTest> errors() {
    return new GoldenFolder("instruction-errors")
        .tests(".dockerfile", ".error", InstructionDump::errorOf);
  }

  @TestFactory
  Stream<DynamicTest> warnings() {
    return new GoldenFolder("lint").tests(".dockerfile", ".warnings", DockerfileReaderTest::lint);
  }

  private static String lint(String text) {
    StringBuilder out = new StringBuilder();
    LintReporter lint =
        new LintReporter(
            LintConfig.ofDockerfile(text.getBytes(StandardCharsets.UTF_8)),
            warning -> out.append(warning.shortText()).append('\n'));
    DockerfileReader.read(DockerfileParser.parse(text), lint);
    return out.toString();
  }

  private static Instruction only(String line) {
    return DockerfileReader.read(
            DockerfileParser.parse("FROM scratch\n" + line), LintReporter.silent())
        .stages()
        .getFirst()
        .instructions()
        .getFirst();
  }

  @Test
  void expansionReachesWhatMayHoldVariables() {
    WordExpander upper = word -> word.toUpperCase(Locale.ROOT);

    assertThat(((EnvInstruction) only("ENV a=b").expand(upper)).variables())
        .containsExactly(new KeyValue("A", "B", false));
    CopyInstruction copy = (CopyInstruction) only("COPY --chown=u --from=f a b").expand(upper);
    assertThat(copy.chown()).isEqualTo("U");
    assertThat(copy.from()).isEqualTo("f");
    assertThat(copy.sources().paths()).containsExactly("A");
    assertThat(copy.sources().destination()).isEqualTo("B");
    assertThat(((WorkdirInstruction) only("WORKDIR /x").expand(upper)).path()).isEqualTo("/X");
    assertThat(only("CMD x").expand(upper)).isEqualTo(only("CMD x"));
  }

  @Test
  void onlyUnquotedDocumentsExpand() {
    Instruction copy = only("COPY <<a <<'b' /\n1\na\n2\nb\n").expandContents(text -> "new");

    assertThat(((CopyInstruction) copy).sources().documents())
        .extracting(FileSources.InlineFile::content)
        .containsExactly("new", "2\n");
  }

  @Test
  void mountsAreReadWhenTheyAreExpanded() {
    RunInstruction run = (RunInstruction) only("RUN --mount=type=$t,target=/c,from=base true");

    assertThat(run.mounts()).extracting(RunMount::from).containsExactly("base");
    RunInstruction expanded = run.expand(word -> word.replace("$t", "cache"));
    assertThat(expanded.mounts()).extracting(RunMount::type).containsExactly(MountType.CACHE);
    assertThat(expanded.mounts()).extracting(RunMount::readOnly).containsExactly(false);
  }

  @Test
  void triggerCanBeParsedOnItsOwn() {
    OnbuildInstruction onbuild = (OnbuildInstruction) only("ONBUILD COPY <<a <<b /\n1\na\n2\nb\n");

    Instruction trigger =
        DockerfileReader.readInstruction(
            DockerfileParser.parse(onbuild.expression()).nodes().getFirst(), LintReporter.silent());

    assertThat(((CopyInstruction) trigger).sources().documents())
        .extracting(FileSources.InlineFile::content)
        .containsExactly("1\n", "2\n");
  }
}
