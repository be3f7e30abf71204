package dev.kiln.dockerfile.instruction;

import java.util.List;

/** {@code SHELL ["executable", "parameter"]} */
public record ShellInstruction(Origin origin, List<String> shell) implements Instruction {

  public ShellInstruction {
    shell = List.copyOf(shell);
  }
}
