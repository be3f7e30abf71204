package dev.kiln.dockerfile.instruction;

import dev.kiln.dockerfile.lint.LintReporter;
import dev.kiln.dockerfile.parser.DockerfileException;
import dev.kiln.dockerfile.parser.Node;
import dev.kiln.dockerfile.parser.SyntaxTree;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns a syntax tree into typed instructions. Each call has its own reader. */
public final class DockerfileReader {

  private final LintReporter lint;
  private final List<ArgInstruction> metaArgs = new ArrayList<>();
  private final List<Stage> stages = new ArrayList<>();
  private final List<Instruction> stageInstructions = new ArrayList<>();
  private @Nullable FromInstruction stageStart;

  private DockerfileReader(LintReporter lint) {
    this.lint = lint;
  }

  /**
   * Reads all instructions and sorts them into stages. Rules that one instruction alone can violate
   * are reported.
   *
   * @throws DockerfileException if an instruction is unknown, malformed, or stands before the first
   *     FROM
   */
  public static Dockerfile read(SyntaxTree tree, LintReporter lint) {
    DockerfileReader reader = new DockerfileReader(lint);
    tree.nodes().forEach(reader::add);
    reader.endStage();
    return new Dockerfile(reader.metaArgs, reader.stages, tree.escapeToken());
  }

  /**
   * Reads one instruction, such as an ONBUILD trigger.
   *
   * @throws DockerfileException if the instruction is unknown or malformed
   */
  public static Instruction readInstruction(Node node, LintReporter lint) {
    try {
      return new InstructionReader(node, lint).read();
    } catch (DockerfileException e) {
      throw e.atIfUnknown(node.location());
    }
  }

  private void add(Node node) {
    switch (readWithLine(node)) {
      case FromInstruction from -> {
        endStage();
        stageStart = from;
      }
      case ArgInstruction arg when stageStart == null -> metaArgs.add(arg);
      case Instruction other when stageStart == null ->
          throw new DockerfileException("no build stage in current context", other.location());
      case Instruction other -> stageInstructions.add(other);
    }
  }

  private Instruction readWithLine(Node node) {
    try {
      return readInstruction(node, lint);
    } catch (DockerfileException e) {
      throw e.prefixed("dockerfile parse error on line " + node.location().startLine() + ": ");
    }
  }

  private void endStage() {
    if (stageStart != null) {
      stages.add(new Stage(stageStart, stageInstructions));
      stageInstructions.clear();
    }
  }
}
