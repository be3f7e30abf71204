package dev.kiln.dockerfile.instruction;

/** {@code WORKDIR path} */
public record WorkdirInstruction(Origin origin, String path) implements Instruction {

  @Override
  public WorkdirInstruction expand(WordExpander words) {
    return new WorkdirInstruction(origin, words.expand(path));
  }
}
