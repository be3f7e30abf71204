/**
 * How graphs are solved: keys, sharing between builds, scheduling and progress. Callers need only
 * {@link dev.kiln.solver.engine.SolverEngine}.
 */
@NullMarked
package dev.kiln.solver.engine;

import org.jspecify.annotations.NullMarked;
