/**
 * Benchmarks of a running daemon through a real client, beside another daemon in the same run.
 * Besides the JDK only the store and the Dockerfile frontend are needed, for what is measured of
 * them by themselves.
 */
@NullMarked
package dev.kiln.bench;

import org.jspecify.annotations.NullMarked;
