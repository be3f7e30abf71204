/**
 * Turns the instructions of a Dockerfile into LLB and an image config: stages are read and ordered,
 * their bases looked up, and the instructions of those that the target needs are converted one by
 * one.
 */
@NullMarked
package dev.kiln.dockerfile.convert;

import org.jspecify.annotations.NullMarked;
