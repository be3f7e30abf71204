package dev.kiln.dockerfile.instruction;

/**
 * {@code FROM [--platform=p] base [AS name]}, the start of a stage.
 *
 * @param baseName image or stage, not expanded
 * @param name the stage's name in lower case, or empty
 * @param platform the flag's value, not expanded, or empty
 * @param description from a comment {@code # name description} above, or empty
 */
public record FromInstruction(
    Origin origin, String baseName, String name, String platform, String description)
    implements Instruction {}
