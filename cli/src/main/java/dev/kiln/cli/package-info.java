/** The command line. */
@NullMarked
package dev.kiln.cli;

import org.jspecify.annotations.NullMarked;
