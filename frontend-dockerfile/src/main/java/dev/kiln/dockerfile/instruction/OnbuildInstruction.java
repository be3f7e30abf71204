package dev.kiln.dockerfile.instruction;

/**
 * {@code ONBUILD instruction}
 *
 * @param expression the instruction's text, here-documents included, parseable on its own
 */
public record OnbuildInstruction(Origin origin, String expression) implements Instruction {}
