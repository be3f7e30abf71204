/**
 * Why a step ran: what each step that ran was made of is kept, within limits, and compared with the
 * next one that is like it ({@link dev.kiln.solver.why.MissFinder}).
 */
@NullMarked
package dev.kiln.solver.why;

import org.jspecify.annotations.NullMarked;
