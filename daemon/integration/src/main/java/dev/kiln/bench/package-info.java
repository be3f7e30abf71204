/**
 * Benchmarks of a running daemon through a real client, beside another daemon in the same run.
 * Besides the JDK only the store is needed, for what is measured of it by itself.
 */
@NullMarked
package dev.kiln.bench;

import org.jspecify.annotations.NullMarked;
