package dev.kiln.dockerfile.instruction;

import java.util.List;

/** A FROM and the instructions up to the next one. */
public record Stage(FromInstruction from, List<Instruction> instructions) {

  public Stage {
    instructions = List.copyOf(instructions);
  }

  /** The stage's name in lower case, or empty. */
  public String name() {
    return from.name();
  }
}
