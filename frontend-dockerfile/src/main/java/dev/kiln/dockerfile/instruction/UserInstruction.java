package dev.kiln.dockerfile.instruction;

/** {@code USER user[:group]} */
public record UserInstruction(Origin origin, String user) implements Instruction {

  @Override
  public UserInstruction expand(WordExpander words) {
    return new UserInstruction(origin, words.expand(user));
  }
}
