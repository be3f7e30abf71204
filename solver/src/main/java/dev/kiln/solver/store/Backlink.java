package dev.kiln.solver.store;

/**
 * A link seen from what it leads to.
 *
 * @param source id of the key that is the input
 * @param input index of the input
 * @param record digest of the record that stands on it ({@code R(D, o)})
 * @param selector digest of the part of the input that counts; empty for none
 */
public record Backlink(String source, int input, String record, String selector) {}
