package dev.kiln.dockerfile.instruction;

/** {@code CMD command} */
public record CmdInstruction(Origin origin, CommandLine command) implements Instruction {}
