/** Frontends that the daemon runs: the built-in one, and those in images. */
@NullMarked
package dev.kiln.daemon.frontend;

import org.jspecify.annotations.NullMarked;
