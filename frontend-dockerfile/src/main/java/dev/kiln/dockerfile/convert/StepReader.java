package dev.kiln.dockerfile.convert;

import dev.kiln.dockerfile.instruction.CopyInstruction;
import dev.kiln.dockerfile.instruction.Instruction;
import dev.kiln.dockerfile.instruction.RunInstruction;
import dev.kiln.dockerfile.instruction.RunMount;
import dev.kiln.dockerfile.parser.DockerfileException;
import dev.kiln.dockerfile.parser.Location;
import dev.kiln.dockerfile.shell.Environment;
import java.util.ArrayList;
import java.util.List;

/** Finds the stages that an instruction takes files from. */
final class StepReader {

  private final Conversion conversion;
  private final StageGraph graph;

  StepReader(Conversion conversion, StageGraph graph) {
    this.conversion = conversion;
    this.graph = graph;
  }

  /** Reads the instructions of all stages that are known now. */
  void readAll() {
    for (BuildStage stage : List.copyOf(graph.stages())) {
      for (Instruction instruction : stage.instructions) {
        stage.steps.add(read(stage, instruction, false));
      }
    }
  }

  /** Reads one instruction of a stage; images and contexts that it names become stages. */
  Step read(BuildStage stage, Instruction instruction, boolean onBuild) {
    List<BuildStage> sources =
        switch (instruction) {
          case CopyInstruction copy when !copy.from().isEmpty() -> List.of(source(copy));
          case RunInstruction run -> sources(run);
          default -> List.of();
        };
    for (BuildStage source : sources) {
      stage.dependOn(source, instruction);
      if (source.implied && !source.registered) {
        source.registered = true;
        source.notes = new StageNotes(conversion.globals().declared());
        graph.add(source);
      }
    }
    return new Step(instruction, sources, onBuild);
  }

  private BuildStage source(CopyInstruction copy) {
    String from = copy.from();
    Location location = copy.location();
    String expanded = conversion.expand(from, Environment.EMPTY, location).text();
    if (!expanded.equals(from)) {
      throw new DockerfileException(
          "variable expansion is not supported for --from, define a new stage with FROM using ARG"
              + " from global scope as a workaround",
          location);
    }
    if (from.matches("[+-]?[0-9]{1,9}")) {
      try {
        return graph.at(Integer.parseInt(from));
      } catch (DockerfileException e) {
        throw e.atIfUnknown(location);
      }
    }
    return graph.find(from).orElseGet(() -> BuildStage.implied(from, location));
  }

  private List<BuildStage> sources(RunInstruction run) {
    List<BuildStage> sources = new ArrayList<>();
    for (RunMount mount : run.mounts()) {
      String from = mount.from().isEmpty() ? BuildStage.SCRATCH : mount.from();
      sources.add(graph.find(from).orElseGet(() -> BuildStage.implied(from, run.location())));
    }
    return sources;
  }
}
