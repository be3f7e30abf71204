/** The build graph, cache keys and scheduling. */
@NullMarked
package dev.kiln.solver;

import org.jspecify.annotations.NullMarked;
