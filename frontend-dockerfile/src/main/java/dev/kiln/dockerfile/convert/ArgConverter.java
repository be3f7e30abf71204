package dev.kiln.dockerfile.convert;

import dev.kiln.dockerfile.instruction.ArgInstruction;
import dev.kiln.dockerfile.instruction.ArgInstruction.BuildArg;
import dev.kiln.dockerfile.instruction.Instruction;
import dev.kiln.dockerfile.lint.LintFinding;
import dev.kiln.dockerfile.lint.LintReporter;
import dev.kiln.dockerfile.shell.EnvList;
import dev.kiln.dockerfile.shell.Environment;
import dev.kiln.dockerfile.shell.Expansion;
import dev.kiln.dockerfile.text.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Converts ARG. */
final class ArgConverter {

  static final String SCAN_CONTEXT = "BUILDKIT_SBOM_SCAN_CONTEXT";
  static final String SCAN_STAGE = "BUILDKIT_SBOM_SCAN_STAGE";

  /** Arguments that speak to the frontend only. */
  private static final Set<String> NOT_VARIABLES = Set.of(SCAN_CONTEXT, SCAN_STAGE);

  private final Conversion conversion;

  ArgConverter(Conversion conversion) {
    this.conversion = conversion;
  }

  void convert(BuildStage stage, ArgInstruction instruction, LintReporter lint) {
    List<String> declared = new ArrayList<>();
    for (BuildArg arg : instruction.args()) {
      SecretNames.report("ARG", arg.name(), instruction.location(), lint);
      String given = conversion.buildArgs().get(arg.name());
      boolean inherited = given == null && arg.defaultValue() == null;
      String value = inherited ? conversion.globals().env().get(arg.name()) : given;
      inherited &= value != null;
      if (value == null && arg.defaultValue() != null) {
        value = expandDefault(stage, instruction, arg.defaultValue(), lint);
      }
      declare(stage, arg, value);
      if (!inherited) {
        stage.notes.arguments.put(
            arg.name(),
            new ArgUse(arg, value == null ? "" : value, Set.of(), instruction.location()));
      }
      stage.notes.usedArguments.add(arg.name());
      declared.add(value == null ? arg.name() : arg.name() + "=" + value);
    }
    stage.addHistory(conversion, "ARG " + String.join(" ", declared), false);
  }

  private static void declare(BuildStage stage, BuildArg arg, @Nullable String value) {
    if (value != null && !NOT_VARIABLES.contains(arg.name())) {
      stage.state = stage.state.withEnv(arg.name(), value);
    }
    stage.buildArgs.add(new BuildArg(arg.name(), value, arg.description()));
  }

  private String expandDefault(
      BuildStage stage, ArgInstruction instruction, String word, LintReporter lint) {
    EnvList env = stage.state.env();
    Expansion expansion = conversion.expand(word, env, instruction.location());
    reportUndefined(stage, instruction, expansion, env, lint);
    return expansion.text();
  }

  /** Reports variables that an instruction uses and nobody has defined. */
  static void reportUndefined(
      BuildStage stage,
      Instruction instruction,
      Expansion expansion,
      Environment env,
      LintReporter lint) {
    if (expansion.unmatched().isEmpty()) {
      return;
    }
    for (String name : expansion.unmatched()) {
      boolean declared = stage.buildArgs.stream().anyMatch(arg -> arg.name().equals(name));
      if (!declared && !NOT_VARIABLES.contains(name)) {
        String near = Suggestion.nearest(name, env.keys(), true).orElse("");
        lint.report(LintFinding.undefinedVar(name, near), instruction.location());
      }
    }
  }
}
