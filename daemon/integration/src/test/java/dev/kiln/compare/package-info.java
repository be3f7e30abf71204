/** Tests of the comparison of two daemons. */
@NullMarked
package dev.kiln.compare;

import org.jspecify.annotations.NullMarked;
