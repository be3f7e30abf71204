package dev.kiln.dockerfile.convert;

import dev.kiln.dockerfile.instruction.Instruction;
import dev.kiln.dockerfile.instruction.Stage;
import dev.kiln.dockerfile.lint.LintFinding;
import dev.kiln.dockerfile.lint.LintReporter;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Lint rules that look at the whole file: stage names, and the case of keywords. */
final class FileRules {

  private static final Set<String> RESERVED = Set.of("context", BuildStage.SCRATCH);

  private FileRules() {}

  static void report(List<Stage> stages, LintReporter lint) {
    reportNames(stages, lint);
    reportCasing(stages, lint);
  }

  private static void reportNames(List<Stage> stages, LintReporter lint) {
    Set<String> seen = new HashSet<>();
    for (Stage stage : stages) {
      String name = stage.name();
      if (RESERVED.contains(name)) {
        lint.report(LintFinding.reservedStageName(name), stage.from().location());
      }
      if (!name.isEmpty() && !seen.add(name)) {
        lint.report(LintFinding.duplicateStageName(name), stage.from().location());
      }
    }
  }

  private static void reportCasing(List<Stage> stages, LintReporter lint) {
    int lower = 0;
    int upper = 0;
    for (Stage stage : stages) {
      for (Instruction instruction : withFrom(stage)) {
        String keyword = instruction.keyword();
        if (isLower(keyword)) {
          lower++;
        } else if (isUpper(keyword)) {
          upper++;
        }
      }
    }
    boolean wantLower = lower > upper;
    for (Stage stage : stages) {
      for (Instruction instruction : withFrom(stage)) {
        String keyword = instruction.keyword();
        if (wantLower ? !isLower(keyword) : !isUpper(keyword)) {
          lint.report(
              LintFinding.consistentInstructionCasing(
                  keyword, wantLower ? "lowercase" : "uppercase"),
              instruction.location());
        }
      }
    }
  }

  private static List<Instruction> withFrom(Stage stage) {
    List<Instruction> all = new java.util.ArrayList<>();
    all.add(stage.from());
    all.addAll(stage.instructions());
    return all;
  }

  private static boolean isLower(String keyword) {
    return keyword.equals(keyword.toLowerCase(Locale.ROOT));
  }

  private static boolean isUpper(String keyword) {
    return keyword.equals(keyword.toUpperCase(Locale.ROOT));
  }
}
