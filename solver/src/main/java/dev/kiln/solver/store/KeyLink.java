package dev.kiln.solver.store;

/**
 * How a key is an input of others (cache-keys.md, section 1.3).
 *
 * @param input index of the input
 * @param record digest of the record that stands on it: operation and output, {@code R(D, o)}
 * @param selector digest of the part of the input that counts; empty for none
 */
public record KeyLink(int input, String record, String selector) {}
