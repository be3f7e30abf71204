package dev.kiln.dockerfile.instruction;

import java.util.List;

/**
 * {@code EXPOSE port[/protocol] ...}
 *
 * @param ports as written, sorted; each may expand to several words
 */
public record ExposeInstruction(Origin origin, List<String> ports) implements Instruction {

  public ExposeInstruction {
    ports = List.copyOf(ports);
  }
}
