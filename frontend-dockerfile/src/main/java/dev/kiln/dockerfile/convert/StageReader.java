package dev.kiln.dockerfile.convert;

import dev.kiln.dockerfile.context.NamedContext;
import dev.kiln.dockerfile.instruction.AddInstruction;
import dev.kiln.dockerfile.instruction.CopyInstruction;
import dev.kiln.dockerfile.instruction.FromInstruction;
import dev.kiln.dockerfile.instruction.Instruction;
import dev.kiln.dockerfile.instruction.RunInstruction;
import dev.kiln.dockerfile.instruction.Stage;
import dev.kiln.dockerfile.instruction.WorkdirInstruction;
import dev.kiln.dockerfile.lint.LintReporter;
import dev.kiln.dockerfile.llb.Platform;
import dev.kiln.dockerfile.parser.DockerfileException;
import dev.kiln.dockerfile.shell.EnvList;
import dev.kiln.dockerfile.shell.Expansion;
import dev.kiln.dockerfile.text.Suggestion;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes build stages of the file's stages: their bases and platforms are expanded here. */
final class StageReader {

  private final Conversion conversion;
  private final StageGraph graph;

  StageReader(Conversion conversion, StageGraph graph) {
    this.conversion = conversion;
    this.graph = graph;
  }

  void readAll(List<Stage> stages) {
    for (int i = 0; i < stages.size(); i++) {
      read(stages.get(i), i);
    }
  }

  private void read(Stage stage, int index) {
    FromInstruction from = stage.from();
    LintReporter lint = conversion.lint().withComments(from.comments());
    EnvList globals = conversion.globals().env();
    Expansion base = conversion.expand(from.baseName(), globals, from.location());
    FromRules.reportUndeclared(conversion, base, from, lint);
    if (base.text().isEmpty()) {
      throw new DockerfileException(
          "base name (" + from.baseName() + ") should not be blank", from.location());
    }
    BuildStage built =
        new BuildStage(
            base.text(),
            from.name(),
            from.origin().code(),
            from.description(),
            from.location(),
            stage.instructions(),
            false);
    built.notes = new StageNotes(conversion.globals().declared());
    Set<String> used = new LinkedHashSet<>(base.matched());
    if (!from.platform().isEmpty()) {
      built.platform = platform(from, lint, used);
    }
    Optional<NamedContext> replacement =
        from.name().isEmpty()
            ? Optional.empty()
            : conversion.contexts().named().find(from.name(), conversion.wanted(built.platform));
    if (replacement.isPresent()) {
      built.replacement = replacement.get();
      graph.add(built);
      built.base = null;
      return;
    }
    if (from.name().isEmpty()) {
      built.shownName = "stage-" + index;
    }
    graph.add(built);
    built.notes.usedArguments.addAll(used);
    built.stepTotal = stepTotal(built);
    built.ignoreCache = conversion.options().ignoresCache(from.name());
  }

  private static int stepTotal(BuildStage stage) {
    int total = !stage.standsOnScratch() && stage.base == null ? 1 : 0;
    for (Instruction instruction : stage.instructions) {
      if (instruction instanceof AddInstruction
          || instruction instanceof CopyInstruction
          || instruction instanceof RunInstruction
          || instruction instanceof WorkdirInstruction) {
        total++;
      }
    }
    return total;
  }

  private Platform platform(FromInstruction from, LintReporter lint, Set<String> used) {
    EnvList globals = conversion.globals().env();
    Expansion expansion;
    try {
      expansion = conversion.expand(from.platform(), globals, from.location());
    } catch (DockerfileException e) {
      throw e.prefixed("failed to process arguments for platform " + from.platform() + ": ");
    }
    FromRules.reportUndeclared(conversion, expansion, from, lint);
    FromRules.reportPlatform(conversion, expansion, from, lint);
    if (expansion.text().isEmpty()) {
      throw new DockerfileException(
          suggested("empty platform value from expression " + from.platform(), expansion),
          from.location());
    }
    used.addAll(expansion.matched());
    try {
      return Platform.parse(expansion.text());
    } catch (IllegalArgumentException e) {
      throw new DockerfileException(
          "failed to parse platform "
              + from.platform()
              + ": "
              + suggested(String.valueOf(e.getMessage()), expansion),
          from.location(),
          e);
    }
  }

  private String suggested(String message, Expansion expansion) {
    List<String> known = conversion.globals().env().keys();
    for (String unknown : expansion.unmatched()) {
      Optional<String> near = Suggestion.nearest(unknown, known, true);
      if (near.isPresent()) {
        return message + " (did you mean " + near.get() + "?)";
      }
    }
    return message;
  }
}
