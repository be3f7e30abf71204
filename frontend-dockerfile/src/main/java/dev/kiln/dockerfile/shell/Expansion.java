package dev.kiln.dockerfile.shell;

import java.util.Set;

/**
 * A word after expansion.
 *
 * @param text the result
 * @param matched variables that the word used and that are set, in order of use
 * @param unmatched variables that the word used and that are not set, in order of use
 */
public record Expansion(String text, Set<String> matched, Set<String> unmatched) {}
