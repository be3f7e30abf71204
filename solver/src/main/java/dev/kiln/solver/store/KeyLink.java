package dev.kiln.solver.store;

/**
 * How a key is an input of others (cache-keys.md, section 1.3).
 *
 * @param input index of the input
 * @param output index of the output that stands on it
 * @param digest digest of the operation that stands on it
 * @param selector digest of the part of the input that counts; empty for none
 */
public record KeyLink(int input, int output, String digest, String selector) {}
