package dev.kiln.dockerfile.instruction;

/** {@code STOPSIGNAL signal} */
public record StopSignalInstruction(Origin origin, String signal) implements Instruction {

  @Override
  public StopSignalInstruction expand(WordExpander words) {
    return new StopSignalInstruction(origin, words.expand(signal));
  }
}
