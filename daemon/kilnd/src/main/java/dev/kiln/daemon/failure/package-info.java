/** Why builds fail, and how that is told on the wire. */
@NullMarked
package dev.kiln.daemon.failure;

import org.jspecify.annotations.NullMarked;
