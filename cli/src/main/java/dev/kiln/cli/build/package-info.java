/** One build as the client sees it: what is asked of the daemon, and what is offered to it. */
@NullMarked
package dev.kiln.cli.build;

import org.jspecify.annotations.NullMarked;
