package dev.kiln.dockerfile.instruction;

import java.util.List;

/** {@code LABEL key=value ...} */
public record LabelInstruction(Origin origin, List<KeyValue> labels) implements Instruction {

  public LabelInstruction {
    labels = List.copyOf(labels);
  }

  @Override
  public LabelInstruction expand(WordExpander words) {
    return new LabelInstruction(origin, KeyValue.expandAll(labels, words));
  }
}
