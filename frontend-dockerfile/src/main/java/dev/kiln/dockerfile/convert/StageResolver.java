package dev.kiln.dockerfile.convert;

import dev.kiln.dockerfile.instruction.DockerfileReader;
import dev.kiln.dockerfile.instruction.Instruction;
import dev.kiln.dockerfile.instruction.OnbuildInstruction;
import dev.kiln.dockerfile.lint.LintReporter;
import dev.kiln.dockerfile.parser.DockerfileException;
import dev.kiln.dockerfile.parser.DockerfileParser;
import dev.kiln.dockerfile.parser.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Resolves the bases of all stages, and puts in the instructions that bases ask for with ONBUILD.
 */
final class StageResolver {

  private final StageGraph graph;
  private final StepReader steps;
  private final BaseResolver bases;
  private final boolean allStages;

  StageResolver(Conversion conversion, StageGraph graph, StepReader steps, boolean allStages) {
    this.graph = graph;
    this.steps = steps;
    this.bases = new BaseResolver(conversion, graph);
    this.allStages = allStages;
  }

  /** Resolves until no instruction brings in a new stage; answers the stages that are needed. */
  Set<BuildStage> resolve(BuildStage target) {
    while (true) {
      Set<BuildStage> needed = StageGraph.reachable(target);
      resolveBases(needed);
      boolean grown = false;
      for (BuildStage stage : graph.stages().stream().filter(needed::contains).toList()) {
        stage.inherit();
        grown |= readTriggers(stage);
      }
      if (!grown) {
        return needed;
      }
    }
  }

  private void resolveBases(Set<BuildStage> needed) {
    List<Runnable> lookups = new ArrayList<>();
    for (BuildStage stage : List.copyOf(graph.stages())) {
      if (stage.base == null && !stage.converted && !stage.resolved) {
        boolean wanted = allStages || needed.contains(stage);
        stage.resolved = wanted; // A trigger may still bring in one that was not wanted so far.
        boolean waits = wanted && !(stage.standsOnScratch() && stage.replacement == null);
        if (waits) {
          lookups.add(() -> bases.resolve(stage, true));
        } else {
          bases.resolve(stage, wanted);
        }
      }
    }
    Concurrent.runAll(lookups);
  }

  private boolean readTriggers(BuildStage stage) {
    List<String> triggers = new ArrayList<>(stage.image.onBuild());
    if (stage.base != null && !stage.onBuildRead) {
      for (Step step : stage.base.steps) {
        if (step.instruction() instanceof OnbuildInstruction onBuild) {
          triggers.add(onBuild.expression());
        }
      }
      stage.onBuildRead = true;
    }
    stage.image.setOnBuild(List.of());
    if (triggers.isEmpty()) {
      return false;
    }
    try {
      return insert(stage, triggers);
    } catch (DockerfileException e) {
      throw e.at(List.of(stage.location));
    }
  }

  private boolean insert(BuildStage stage, List<String> triggers) {
    List<Step> inserted = new ArrayList<>();
    boolean grown = false;
    for (String trigger : triggers) {
      List<Node> nodes = DockerfileParser.parse(trigger).nodes();
      if (nodes.size() != 1) {
        throw new DockerfileException("onbuild trigger should be a single expression");
      }
      Node node = nodes.getFirst();
      // The trigger's text stands in no file; the FROM that brought it in does.
      Node located =
          new Node(
              node.keyword(),
              node.flags(),
              node.arguments(),
              node.heredocs(),
              node.original(),
              stage.location,
              node.comments());
      Instruction instruction = DockerfileReader.readInstruction(located, LintReporter.silent());
      Step step = steps.read(stage, instruction, true);
      grown |= !step.sources().isEmpty();
      inserted.add(step);
    }
    stage.stepTotal += inserted.size();
    inserted.addAll(stage.steps);
    stage.steps = inserted;
    return grown;
  }
}
