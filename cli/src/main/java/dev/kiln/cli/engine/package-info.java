/** A Docker engine on this machine, into which images are loaded. */
@NullMarked
package dev.kiln.cli.engine;

import org.jspecify.annotations.NullMarked;
