package dev.kiln.dockerfile.instruction;

/** {@code ENTRYPOINT command} */
public record EntrypointInstruction(Origin origin, CommandLine command) implements Instruction {}
