package dev.kiln.dockerfile.check;

import dev.kiln.dockerfile.instruction.Dockerfile;
import dev.kiln.dockerfile.instruction.Instruction;
import dev.kiln.dockerfile.instruction.Stage;
import dev.kiln.dockerfile.lint.LintFinding;
import dev.kiln.dockerfile.lint.LintReporter;
import dev.kiln.dockerfile.parser.Location;
import dev.kiln.dockerfile.parser.SyntaxTree;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Rules about a Dockerfile as a whole: NoEmptyContinuation, stage names,
 * ConsistentInstructionCasing.
 */
public final class FileRules {

  private static final Set<String> RESERVED_STAGES = Set.of("context", "scratch");

  private FileRules() {}

  /** Reports lines that are empty although the line before them continues. */
  public static void checkText(SyntaxTree tree, LintReporter lint) {
    for (Location place : tree.emptyContinuations()) {
      lint.report(LintFinding.noEmptyContinuation(), place);
    }
  }

  /**
   * Reports reserved and repeated stage names, and instructions that are not in the case of most.
   */
  public static void checkStages(Dockerfile dockerfile, LintReporter lint) {
    checkStageNames(dockerfile.stages(), lint);
    checkCasing(dockerfile.stages(), lint);
  }

  private static void checkStageNames(List<Stage> stages, LintReporter lint) {
    Set<String> seen = new HashSet<>();
    for (Stage stage : stages) {
      String name = stage.name();
      if (name.isEmpty()) {
        continue;
      }
      if (RESERVED_STAGES.contains(name)) {
        lint.report(LintFinding.reservedStageName(name), stage.from().location());
      }
      if (!seen.add(name)) {
        lint.report(LintFinding.duplicateStageName(name), stage.from().location());
      }
    }
  }

  private static void checkCasing(List<Stage> stages, LintReporter lint) {
    List<Instruction> all =
        stages.stream()
            .flatMap(stage -> Stream.concat(Stream.of(stage.from()), stage.instructions().stream()))
            .toList();
    long lower = all.stream().filter(one -> isLower(one.keyword())).count();
    long upper = all.stream().filter(one -> isUpper(one.keyword())).count();
    boolean lowerWins = lower > upper;
    for (Instruction one : all) {
      boolean fits = lowerWins ? isLower(one.keyword()) : isUpper(one.keyword());
      if (!fits) {
        String casing = lowerWins ? "lowercase" : "uppercase";
        lint.report(LintFinding.consistentInstructionCasing(one.keyword(), casing), one.location());
      }
    }
  }

  private static boolean isLower(String word) {
    return word.equals(word.toLowerCase(Locale.ROOT));
  }

  private static boolean isUpper(String word) {
    return word.equals(word.toUpperCase(Locale.ROOT));
  }
}
