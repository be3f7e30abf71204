/**
 * Benchmarks of a running daemon through a real client, beside another daemon in the same run.
 * Needs the JDK only, so that it can be started without a build of the rest.
 */
@NullMarked
package dev.kiln.bench;

import org.jspecify.annotations.NullMarked;
