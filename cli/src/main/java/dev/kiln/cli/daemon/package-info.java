/** Where the daemon is, and how one is started in the background. */
@NullMarked
package dev.kiln.cli.daemon;

import org.jspecify.annotations.NullMarked;
