package dev.kiln.dockerfile.instruction;

import java.util.List;

/** {@code ENV key=value ...} */
public record EnvInstruction(Origin origin, List<KeyValue> variables) implements Instruction {

  public EnvInstruction {
    variables = List.copyOf(variables);
  }

  @Override
  public EnvInstruction expand(WordExpander words) {
    return new EnvInstruction(origin, KeyValue.expandAll(variables, words));
  }
}
