package dev.kiln.dockerfile.instruction;

/** {@code MAINTAINER name}, deprecated. */
public record MaintainerInstruction(Origin origin, String maintainer) implements Instruction {}
