package dev.kiln.solver.store;

/**
 * A link seen from what it leads to.
 *
 * @param source id of the key that is the input
 * @param link how it is the input
 */
public record Backlink(String source, KeyLink link) {}
