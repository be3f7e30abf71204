package dev.kiln.dockerfile.convert;

import dev.kiln.dockerfile.instruction.Instruction;
import java.util.List;

/**
 * An instruction in a stage.
 *
 * @param sources stages that it takes files from: one for COPY --from, one for each mount of RUN
 * @param onBuild true if the base asked for it
 */
record Step(Instruction instruction, List<BuildStage> sources, boolean onBuild) {
  Step {
    sources = List.copyOf(sources);
  }
}
