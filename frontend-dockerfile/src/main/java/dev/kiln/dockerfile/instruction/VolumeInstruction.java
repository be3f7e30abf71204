package dev.kiln.dockerfile.instruction;

import java.util.List;

/** {@code VOLUME path ...} */
public record VolumeInstruction(Origin origin, List<String> volumes) implements Instruction {

  public VolumeInstruction {
    volumes = List.copyOf(volumes);
  }

  @Override
  public VolumeInstruction expand(WordExpander words) {
    return new VolumeInstruction(origin, volumes.stream().map(words::expand).toList());
  }
}
