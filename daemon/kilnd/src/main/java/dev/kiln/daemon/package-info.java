/** The build daemon. */
@NullMarked
package dev.kiln.daemon;

import org.jspecify.annotations.NullMarked;
