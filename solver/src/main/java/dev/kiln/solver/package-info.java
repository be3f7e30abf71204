/**
 * What a caller of the solver sees: the graph's values ({@link dev.kiln.solver.Vertex}, {@link
 * dev.kiln.solver.Edge}), what a daemon supplies ({@link dev.kiln.solver.Operation}, {@link
 * dev.kiln.solver.ResultStore}, {@link dev.kiln.solver.ProgressSink}) and what it gets ({@link
 * dev.kiln.solver.Solver}, {@link dev.kiln.solver.Job}, {@link dev.kiln.solver.CachedResult}).
 */
@NullMarked
package dev.kiln.solver;

import org.jspecify.annotations.NullMarked;
