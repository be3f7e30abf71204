package dev.kiln.compare;

/**
 * One place in which two results are not the same.
 *
 * @param text where, and what each daemon has there
 */
record Difference(Part part, String text) {}
